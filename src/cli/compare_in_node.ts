/** comparePooling on cpu, wasm and node, in this process. */
import { CommandError, messageOf, oneLine, tfjsReason } from './command_error';
import { type CompareRequest, type OnProgress, type PartialReport, nothingCompared } from './compare_request';
import { type ModelFile, weightArtifacts } from './model_file';
import { loadBackend, loadPeers } from './peers';

/** A backend that cannot be had becomes an entry with the reason. */
export async function compareInNode(
  { model: hasModel, backends: wanted, ...request }: CompareRequest,
  model: ModelFile | null,
  onProgress: OnProgress,
): Promise<PartialReport> {
  const { compare } = await loadPeers();
  const missing = wanted
    .map((name) => ({ name, description: '', missing: loadBackend(name) }))
    .filter((one) => one.missing !== null);
  const backends = wanted.filter((name) => !missing.some((one) => one.name === name));
  if (backends.length === 0) return nothingCompared(missing);
  const loaded = hasModel && model ? await loadModel(model) : undefined;
  const report = await compare
    .comparePooling({ ...request, backends, model: loaded, onProgress })
    .catch((error: unknown) => {
      // Without a model, nothing that the user gave can be wrong.
      throw model ? new CommandError(`${model.given}: ${oneLine(messageOf(error))}`) : error;
    });
  loaded?.dispose();
  const inOrder = wanted.map((name) => [...report.backends, ...missing].find((one) => one.name === name)!);
  return { ...report, backends: inOrder };
}

/** A saved model; with zeros for weights where those are of no interest. */
export async function loadModel(file: ModelFile, readWeights = true) {
  const { core, layers } = await loadPeers();
  const modelTopology = file.json.modelTopology ?? file.json;
  const weights = file.groups.length > 0 ? await weightArtifacts(file, readWeights) : {};
  return layers.loadLayersModel(core.io.fromMemory({ modelTopology, ...weights })).catch((error: unknown) => {
    throw new CommandError(`${file.given}: tfjs cannot load this model (${tfjsReason(error)})`);
  });
}
