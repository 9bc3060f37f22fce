/**
 * An ESLint rule: operations are free functions (`add(x, y)`), not methods of a tensor (`x.add(y)`). The methods exist only
 * once the union package or tfjs-layers has put them there; with tfjs-core alone they throw. It asks the type checker, so
 * that `set.add(y)` is nobody's concern.
 */

/** What class Tensor of tfjs-core has of its own. */
const OWN = new Set([
  'array',
  'arraySync',
  'buffer',
  'bufferSync',
  'bytes',
  'clone',
  'data',
  'dataSync',
  'dataToGPU',
  'dispose',
  'print',
  'throwIfDisposed',
  'toString',
  'assign',
]);
const TENSOR = /^(Tensor([1-6]D)?|Variable)$/;

export const noChainedTensorMethods = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { chained: 'Chained tensor methods do not exist under tfjs-core alone: use the free function {{name}}.' },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    /** Also of a type parameter's constraint, and of every member of a union. */
    const isTensor = (type) => {
      const known = checker.getBaseConstraintOfType(type) ?? type;
      return known.isUnion() || known.isIntersection()
        ? known.types.some(isTensor)
        : TENSOR.test(known.aliasSymbol?.name ?? '') || TENSOR.test(known.symbol?.name ?? '');
    };
    return {
      'CallExpression > MemberExpression.callee[computed=false]'(node) {
        const { name } = node.property;
        if (!OWN.has(name) && isTensor(services.getTypeAtLocation(node.object))) {
          context.report({ node: node.property, messageId: 'chained', data: { name } });
        }
      },
    };
  },
};
