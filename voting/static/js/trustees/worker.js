// One task at a time, off the page's thread, so that progress can be painted.

import { TASKS } from "./tasks.js";

self.postMessage({ ready: true });

self.onmessage = async ({ data: { id, task, input } }) => {
  const progress = (done, total) => self.postMessage({ id, done, total });
  try {
    self.postMessage({ id, result: await TASKS[task](input, progress) });
  } catch (error) {
    self.postMessage({ id, failure: { code: error.code || "internal", where: error.where || "", who: error.who || "" } });
  }
};
