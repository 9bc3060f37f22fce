/**
 * Vectors made by PyTorch and by ONNX's reference: average, adaptive, global and Lp pooling, and max unpooling. make_family.py
 * makes family.json and says what is in it.
 */
import { expectSame, expectWithin } from '../support/compare';
import { type Device, type DeviceKey, describeDevice } from '../support/devices';
import { float32, int32 } from '../support/data';
import type { OpCall } from '../support/run_op';
import cases from './family.json';

interface Stored {
  shape: number[];
  data: number[];
}

interface FamilyVector {
  source: string;
  op: string;
  options: object;
  x: Stored;
  y?: Stored;
  argmax?: Stored;
  dy?: Stored;
  dx?: Stored;
  ddx?: Stored;
}

/** PyTorch computes in float64, we in float32; powers are less exact, on a GPU above all. */
const TOLERANCE = 2 ** -19;
const POWERS = 2 ** -13;

/** Declares the golden tests on one device; `every` 5th case only, say, where each is slow. */
export function goldenFamily(key: DeviceKey, every = 1): void {
  describeDevice(key, 'golden family', (device) => {
    (cases as FamilyVector[]).forEach((c, i) => {
      if (i % every !== 0) return;
      test(`${i}: ${c.source}, ${c.op} [${c.x.shape.join()}] ${JSON.stringify(c.options)}`, () =>
        checkVector(device(), c));
    });
  });
}

async function checkVector({ runOp }: Device, c: FamilyVector): Promise<void> {
  const x = { tensor: float32(c.x.shape, c.x.data) };
  const argmax = c.argmax && int32(c.argmax.shape, c.argmax.data);
  const unpools = c.op.startsWith('maxUnpool') && argmax && c.y;
  const call: OpCall = {
    op: c.op as OpCall['op'],
    args: unpools ? [x, { tensor: argmax }, { plain: c.y?.shape }, { plain: c.options }] : [x, { plain: c.options }],
    ...(c.dy ? { dResult: float32(c.dy.shape, c.dy.data), second: true } : {}),
    ...(argmax && !unpools ? { part: 'argmax' as const } : {}),
  };
  const { result, gradient, second, leaked } = await runOp(call);
  const tolerance = c.op.startsWith('lpPool') ? POWERS : TOLERANCE;
  if (argmax && !unpools) expectSame('argmax', result, argmax);
  if (c.y) expectWithin('y', result, float32(c.y.shape, c.y.data), /max/i.test(c.op) ? 0 : tolerance);
  if (c.dx) expectWithin('dx', gradient, float32(c.dx.shape, c.dx.data), tolerance);
  if (c.ddx) expectWithin('ddx', second, float32(c.ddx.shape, c.ddx.data), tolerance);
  expect(leaked).toBe(0);
}
