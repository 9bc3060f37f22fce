/** The walk in Japanese. */
import { precise } from '../routing/format';
import { type Algorithm, addedUp, entriesOfRow, winnerOf, wonBy } from './algorithm';
import { meaningOf } from './origin';
import { channelsOf, isOfOne, ofWindow, outputName, pixelName, sizeFormula, total, windowAt } from './places';
import type { Cell, Scene } from './scene';
import type { Phase } from './walk';
import type { Words } from './words';

type Sentence = (a: Algorithm, window: number) => string;

const SENTENCES: Readonly<Record<Phase, Sentence>> = {
  input: (a) => {
    const { shape, window, stride } = a.input;
    const size = `${shape[2]} × ${shape[3]}`;
    const what = isOfOne(a) ? `${size} の数値` : `${shape[1]} チャネルの画像 ${shape[0]} 枚（それぞれ ${size}）`;
    return (
      `入力 x は${what}です。最大プーリングは、${window} × ${window} の窓ごとに最大の数を残します。` +
      `窓は ${stride} ずつ動くので、1 辺あたり ${sizeFormula(a)} 個の窓が並びます。`
    );
  },
  padding: () =>
    'x の周りにパディングの枠を付けます。こうすると窓を端にも置けます。ここでのパディングは −∞ なので、決して最大になりません。' +
    '教科書の実装では 0 で埋めるため、負の数より大きくなってしまいます。',
  im2col: (a, window) =>
    `${windowName(a, window)}の数を、${channelsOf(a) > 1 ? 'チャネル順に' : '左上から右下への順に'}行列の第 ${window} 行へ並べます。` +
    `こうしておけば、あとは行ごとに見るだけで済みます。` +
    (isOverlapping(a) ? '窓が重なる所の数は、複数の行に写されます。' : ''),
  rows: (a) =>
    channelsOf(a) > 1
      ? `プーリングはチャネルごとに行うので、reshape で 1 行 ${a.taps} 個に区切り直し、窓とチャネルの組ごとに 1 行とします。数の並び順は変わらず、改行の位置だけが変わります。`
      : '1 行には、1 つの窓の 1 チャネル分が入っている必要があります。チャネルが 1 つなら初めからそうなっているので、reshape しても何も変わりません。',
  argmax: (a, window) => {
    const { first, last, taps, maxima, equals } = ofWindow(a, window);
    if (first !== last)
      return `第 ${first} 行から第 ${last} 行（チャネルごとに 1 行）の最大値は ${maxima} で、行の中の位置は順に ${taps} です。逆伝播で勾配をここへ戻すので、この位置（argmax）を覚えておきます。`;
    if (equals > 1)
      return `第 ${first} 行では、最大値 ${maxima} が ${equals} か所にあります。勾配を受け取る場所を 1 つに決めるため、最初の位置 ${taps} を argmax とします。`;
    return `第 ${first} 行の最大値は ${maxima} で、位置 ${taps} にあります。逆伝播で勾配をここへ戻すので、この位置（argmax）を覚えておきます。`;
  },
  max: (a) => `argmax の位置にある数が、その行の最大値です。${a.rows} 行から ${a.rows} 個の出力が得られます。`,
  last: (a) =>
    `最大値は行列の行の順に並んでいます。reshape で、窓を縦、チャネルを横に並べ直します${channelsOf(a) > 1 ? '' : '（ここではチャネルは 1 つです）'}。`,
  y: (a) =>
    channelsOf(a) > 1
      ? `x はチャネルが先なので、transpose でチャネルの軸を前へ戻します。これで出力 y の完成です。画像とチャネルごとに ${a.outHeight} × ${a.outWidth} の数があります。`
      : `最大値を画像の形に並べると、出力 y（${a.outHeight} × ${a.outWidth}）の完成です。チャネルが 1 つなので、transpose では何も動きません。`,
  dy: () =>
    'ここからは逆伝播です。次の層から dy（NumPy では dout）が届きます。出力が少し変わると損失がどれだけ変わるかを表す勾配です。ここでは行き先を追えるように 1、2、3、… とします。',
  sent: (a) =>
    channelsOf(a) > 1
      ? 'argmax は行列の行の順に覚えてあるので、dy も transpose でチャネルを最後にし、同じ順に並べます。'
      : 'argmax は行列の行の順に覚えてあるので、dy も同じ順に並べます。チャネルが 1 つなら、何も動きません。',
  zeros: (a) =>
    `すべて 0 の行列 dmax（${a.rows} 行 ${a.taps} 列）を用意します。最大でなかった数は出力に影響しないので、その勾配は 0 のままです。`,
  place: (a, window) => {
    const { first, last, taps, gradients } = ofWindow(a, window);
    const what =
      first === last
        ? `第 ${first} 行の argmax（位置 ${taps}）に、勾配 ${gradients} を置きます`
        : `第 ${first} 行から第 ${last} 行の argmax（位置 ${taps}）に、勾配 ${gradients} を置きます`;
    return `${what}。出力に届いたのは、この数だけだからです。`;
  },
  dcol: (a) =>
    channelsOf(a) > 1
      ? 'col2im は im2col が作った形の行列を受け取るので、reshape で窓ごとに 1 行へ戻します。'
      : 'col2im は im2col が作った形の行列を受け取ります。チャネルが 1 つなら dmax はもうその形なので、reshape しても何も変わりません。',
  col2im: (a, window) => {
    const { first, last, gradients, winner } = ofWindow(a, window);
    const start = `第 ${window} 行を元の窓 ${windowAt(a, window).place} の位置へ戻し、dx に足します。`;
    if (first !== last) return `${start}最大値のあった所に ${gradients} が届きます。`;
    const before = addedUp(a, first * a.taps)[winnerOf(a, first)];
    if (before === 0) return `${start}最大値のあった ${winner} に ${gradients} が届きます。`;
    return `${start}${winner} にはほかの窓からもう届いているので、足し合わされます: ${before} + ${gradients} = ${before + a.sent[first]}。`;
  },
  end: (a) =>
    `勾配はすべて届きました。dx の合計は dy の合計と同じ ${total(addedUp(a))} です。このパッケージの maxPool2d は、行列を作らずに同じ y と dx を計算します。`,
};

function windowName(a: Algorithm, window: number): string {
  const { image, place } = windowAt(a, window);
  return a.input.shape[0] > 1 ? `画像 ${image} の窓 ${place} ` : `窓 ${place} `;
}

const isOverlapping = ({ input }: Algorithm) => input.stride < input.window;

function origin(a: Algorithm, scene: Scene, cell: Cell, arrived: readonly number[]): string {
  const view = scene.blocks[cell.block]!;
  if (!view.known(cell.index)) return 'まだ計算していません。';
  const value = precise(view.values[cell.index]);
  const meaning = meaningOf(a, cell);
  const pixel = pixelName(a, meaning.pixel) ?? 'パディング';
  if (meaning.of === 'pixel') return ofPixel(a, cell, value, arrived);
  const { row } = meaning;
  const [y, dy] = [outputName(a, a.outputs[row], 'y'), outputName(a, a.outputs[row], 'dy')];
  if (meaning.of === 'entry') {
    const name = `${scene.matrix}[${Math.floor(cell.index / view.columns)}, ${cell.index % view.columns}] = ${value}`;
    if (scene.matrix === 'col') return `${name}: 窓の中の位置 ${meaning.tap} にある ${pixel} です。`;
    if (value !== '0') return `${name}: argmax（位置 ${meaning.tap}）に置かれた勾配 ${dy} です。`;
    if (meaning.tap === a.argmax[row]) return `${name}: ここに ${precise(a.sent[row])} が置かれます。`;
    return `${name}: ${pixel} は窓の最大値ではありません。`;
  }
  const numbers = entriesOfRow(a, row).map((at) => precise(a.col[at]));
  const found = `${numbers.join('、')} の最大値`;
  switch (cell.block) {
    case 'argmax':
      return `argmax[${row}] = ${value}: 第 ${row} 行の最大値 ${precise(a.max[row])} は位置 ${value} にあります。`;
    case 'dy':
      return `${dy} = ${value}: ${pixel}（${found}）へ戻ります。`;
    case 'sent':
      return `第 ${row} 行の dy = ${value}: ${dy} のことで、位置 ${a.argmax[row]} へ送られます。`;
    case 'last':
      return scene.matrix === 'col' ? `${value}: 第 ${row} 行、${found}です。` : `${value}: ${dy} です。`;
    default:
      return `${cell.block === 'y' ? y : `max[${row}]`} = ${value}: ${found}で、${pixel} です。`;
  }
}

function ofPixel(a: Algorithm, { block, index }: Cell, value: string, arrived: readonly number[]): string {
  const name = pixelName(a, index, block);
  if (name === undefined) return 'パディング: x の数ではありません。最大になることも、勾配を受け取ることもありません。';
  if (block === 'x') {
    const count = a.sources.filter((source) => source === index).length;
    const won = wonBy(a, index).length;
    const wins =
      won === 0
        ? 'どの窓の最大値でもありません'
        : count === 1
          ? 'その窓の最大値です'
          : `うち ${won} 個の窓で最大値です`;
    return `${name} = ${value}: ${count} 個の窓に入り、行列に ${count} 回現れます。${wins}。`;
  }
  const x = pixelName(a, index)!;
  const rows = wonBy(a, index).slice(0, arrived[index]);
  if (rows.length > 1)
    return `${name} = ${rows.map((row) => a.sent[row]).join(' + ')} = ${value}: ${x} は ${rows.length} 個の窓の最大値でした。`;
  if (rows.length === 1)
    return `${name} = ${value}: ${x} は 1 つの窓の最大値で、その勾配は ${outputName(a, a.outputs[rows[0]], 'dy')} です。`;
  return `${name} = 0: ${wonBy(a, index).length > 0 ? 'まだ何も届いていません' : `${x} はどの窓の最大値でもありません`}。`;
}

export const JAPANESE: Words = {
  intro:
    '教科書どおりの最大プーリングです。im2col が各窓を行列の 1 行に書き、行の最大値が出力になり、勾配はその最大値のあった場所へ戻ります。',
  input: '入力',
  inputs: { small: '画像 1 枚', textbook: '教科書の形', overlap: '重なりとパディング', ties: '同じ値' },
  about: {
    small: '4 × 4 の数値に、2 × 2 の窓を隙間なく並べます。',
    textbook: '3 チャネルの画像 2 枚（チャネルが先）。窓は 2 × 2、ストライド 2、パディングなし。',
    overlap: '窓は 3 × 3、ストライド 1、パディングあり。重なる所では勾配が足し合わされます。',
    ties: '窓の中に最大値がいくつもあるとき、勾配は最初のものへ行きます。',
  },
  forward: '順伝播',
  backward: '逆伝播',
  chapters: {
    input: '入力',
    im2col: 'im2col',
    argmax: 'argmax',
    output: '出力',
    dy: 'dy',
    dmax: 'dmax',
    col2im: 'col2im',
  },
  buttons: { back: '戻る', next: '次へ', play: '再生', pause: '停止' },
  speed: '速さ',
  speeds: { slow: '遅い', normal: '標準', fast: '速い' },
  keys: '← → 前後 · Space 再生 · Home / End 最初と最後',
  step: 'ステップ',
  stepOf: (step, count) => `ステップ ${step} / ${count}`,
  sentence: (a, { phase, window }) => SENTENCES[phase](a, window),
  hint: '数を指すかタップすると（Tab と矢印キーでも）、どこから来た数かを下に表示します。',
  origin,
  titles: {
    x: '入力',
    y: '出力',
    dy: '出力の勾配',
    dx: '入力の勾配',
    col: 'im2col の行列',
    dmax: '勾配の行列',
    dcol: '勾配の行列',
    argmax: 'argmax',
    max: 'max',
    sent: 'dy',
    last: '窓 × チャネル',
  },
  plane: (batch, channel) => `画像 ${batch}、チャネル ${channel}`,
  channel: 'チャネル',
  tap: '位置',
  row: (image, place, channel) =>
    [image !== undefined && `画像 ${image}`, place, channel !== undefined && `ch. ${channel}`]
      .filter(Boolean)
      .join(' '),
};
