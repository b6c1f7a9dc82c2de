// Runs a task in the worker; on browsers without module workers, on the page's own thread.

/** A task that was refused: why, where, and whose fault it is. */
export class Failure extends Error {
  constructor({ code, where, who }) {
    super(code);
    Object.assign(this, { code, where, who });
  }
}

const READY_WITHIN = 8000;
let started = null;
let next = 1;

function start() {
  return new Promise((resolve) => {
    const fallback = () => resolve(null);
    try {
      const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
      const timer = setTimeout(fallback, READY_WITHIN);
      worker.onerror = fallback;
      worker.onmessage = () => {
        clearTimeout(timer);
        resolve(worker);
      };
    } catch {
      fallback();
    }
  });
}

/** Run one of TASKS. Throws Failure. progress(done, total) is called now and then. */
export async function run(task, input, progress = () => {}) {
  started = started || start();
  const worker = await started;
  if (!worker) return runHere(task, input, progress);
  const id = next++;
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.id !== id) return;
      if (data.failure) reject(new Failure(data.failure));
      else if ("result" in data) resolve(data.result);
      else progress(data.done, data.total);
    };
    worker.onerror = () => reject(new Failure({ code: "internal" }));
    worker.postMessage({ id, task, input });
  });
}

async function runHere(task, input, progress) {
  const { TASKS } = await import("./tasks.js");
  await new Promise((painted) => setTimeout(painted, 50));
  try {
    return await TASKS[task](input, progress);
  } catch (error) {
    throw new Failure({ code: error.code || "internal", where: error.where, who: error.who });
  }
}
