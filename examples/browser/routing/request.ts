/** The settings as a question to the worker, and the kernels of its answer in a sentence. */
import type { RoutingRequest, RoutingResult } from '../workers/routing_protocol';
import type { Image } from './images';
import { type Settings, poolingCall } from './settings';

export function requestOf(settings: Settings, image: Image, selected: number): RoutingRequest {
  return {
    backend: settings.backend,
    x: image.values,
    height: image.height,
    width: image.width,
    call: poolingCall(settings),
    overlaps: settings.overlaps,
    dy: settings.dy === 'selected' ? { only: selected } : settings.dy,
  };
}

export function ranText({ ours, builtin, backend }: RoutingResult, withBuiltin: boolean): string {
  const other = withBuiltin ? `; the built-in ${builtin.kernels.join(', ') || 'nothing'}` : '';
  return `Ours ran ${ours.kernels.join(', ')} on ${backend}${other}.`;
}
