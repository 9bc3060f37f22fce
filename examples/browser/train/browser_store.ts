/**
 * In the worker: networks in this browser's IndexedDB, laid out as TensorFlow.js's own `indexeddb://` does it. Its code does
 * not answer if the database is blocked, or full when the transaction ends; this one does, in words.
 */
import { io } from '@tensorflow/tfjs-core';

const DATABASE = 'tensorflowjs';
const VERSION = 1;
const MODELS = 'models_store';
const INFOS = 'model_info_store';
const PATIENCE_MS = 8000;

interface Entry {
  readonly modelPath: string;
  readonly modelArtifactsInfo: io.ModelArtifactsInfo;
  /** Only in the store of models. */
  readonly modelArtifacts?: io.ModelArtifacts;
}

export async function keep(modelPath: string, modelArtifacts: io.ModelArtifacts): Promise<void> {
  const modelArtifactsInfo = io.getModelArtifactsInfoForJSON(modelArtifacts);
  await transaction('readwrite', (store) => {
    store(INFOS).put({ modelPath, modelArtifactsInfo } satisfies Entry);
    return store(MODELS).put({ modelPath, modelArtifactsInfo, modelArtifacts } satisfies Entry);
  });
}

export async function infoOf(modelPath: string): Promise<io.ModelArtifactsInfo | undefined> {
  return (await read(INFOS, modelPath))?.modelArtifactsInfo;
}

export async function kept(modelPath: string): Promise<io.ModelArtifacts | undefined> {
  return (await read(MODELS, modelPath))?.modelArtifacts;
}

function read(name: string, modelPath: string): Promise<Entry | undefined> {
  return transaction('readonly', (store) => store(name).get(modelPath) as IDBRequest<Entry | undefined>);
}

type Request<T> = (store: (name: string) => IDBObjectStore) => IDBRequest<T>;

/** The request's result, once all of the transaction is done. @throws Error in words for the reader */
function transaction<T>(mode: IDBTransactionMode, request: Request<T>): Promise<T> {
  return withDatabase((database) => committed(database.transaction([MODELS, INFOS], mode), request)).catch(
    (error: Error) => {
      throw new Error(inWords(error));
    },
  );
}

async function withDatabase<T>(job: (database: IDBDatabase) => Promise<T>): Promise<T> {
  const opening = open();
  const database = await withPatience(opening, () => void opening.then((late) => late.close()));
  try {
    return await withPatience(job(database));
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // Undefined, or forbidden to look at, in some browsers' private windows.
    const factory = indexedDB as IDBFactory | undefined;
    if (!factory) throw new DOMException('this browser has none', 'NotSupportedError');
    const opening = factory.open(DATABASE, VERSION);
    opening.onupgradeneeded = () => {
      for (const name of [MODELS, INFOS]) opening.result.createObjectStore(name, { keyPath: 'modelPath' });
    };
    opening.onsuccess = () => {
      // Another tab that wants to delete or renew the database does not have to wait for this one.
      opening.result.onversionchange = () => opening.result.close();
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error!);
  });
}

/** A full disk shows when the transaction ends, after every request has succeeded. */
function committed<T>(begun: IDBTransaction, request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const asked = request((name) => begun.objectStore(name));
    begun.oncomplete = () => resolve(asked.result);
    begun.onabort = () => reject(begun.error ?? asked.error ?? new DOMException('', 'AbortError'));
  });
}

async function withPatience<T>(wanted: Promise<T>, onTooLate?: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onTooLate?.();
      reject(new DOMException('', 'TimeoutError'));
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([wanted, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const FORBIDDEN = 'This browser does not let the page keep a network (IndexedDB is blocked).';
const WORDS: Readonly<Record<string, string>> = {
  QuotaExceededError: 'This browser has no room left to keep the network (IndexedDB is full).',
  NotSupportedError: 'This browser cannot keep a network: it has no IndexedDB.',
  SecurityError: FORBIDDEN,
  InvalidStateError: FORBIDDEN,
  TimeoutError: `IndexedDB gave no answer in ${PATIENCE_MS / 1000} s. Another tab may block it: close it, and try again.`,
};

function inWords({ name, message }: Error): string {
  return WORDS[name] ?? `IndexedDB failed: ${name}${message ? `, ${message.slice(0, 150)}` : ''}`;
}
