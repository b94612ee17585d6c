// @ts-check
// What a benchmark does and measures inside the window's page, as `probe`. As JavaScript that imports nothing: its text is
// evaluated in the page, so that what is measured does not wait for the benchmark's own process.

/** A seek that takes longer has failed. */
const SEEK_LIMIT_MS = 10_000;
/** The browser reports a task as long from here on. */
const LONG_TASK_MS = 50;

/**
 * Resolves when `isSo` is true. It is called after each change of the document: sooner than the next frame.
 * @param {() => boolean} isSo
 * @param {string} what
 * @returns {Promise<void>}
 */
function untilSo(isSo, what) {
  return new Promise((resolve, reject) => {
    const end = () => {
      observer.disconnect();
      clearTimeout(timer);
    };
    const look = () => {
      if (!isSo()) return;
      end();
      resolve();
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const timer = setTimeout(() => {
      end();
      reject(new Error(`${what} did not happen in ${SEEK_LIMIT_MS} ms`));
    }, SEEK_LIMIT_MS);
    look();
  });
}

/** @returns {Promise<number>} the time of the next frame */
function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}

/** @returns {HTMLInputElement} */
function slider() {
  const found = document.querySelector('input[type="range"][aria-label="Time"]');
  if (!(found instanceof HTMLInputElement)) throw new Error('There is no time slider');
  return found;
}

/**
 * Moves the slider as the pointer does.
 * @param {number} seq
 */
function slideTo(seq) {
  const input = slider();
  // React remembers the value that it set itself: the element's own setter shows it a new one.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, String(seq));
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** @param {number} seq */
function isDrawn(seq) {
  return (
    document.documentElement.dataset.cursor === String(seq) &&
    document.querySelector(`.wire [data-fact="${seq}"]`) !== null
  );
}

/**
 * Runs `work` and watches the frames and the tasks of the page meanwhile.
 * @param {() => Promise<void>} work
 */
async function watch(work) {
  /** @type {number[]} */
  const tasksMs = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasksMs.push(duration);
  });
  observer.observe({ type: 'longtask' });
  /** @type {number[]} */
  const gapsMs = [];
  const beganMs = performance.now();
  let before = await nextFrame();
  let frame = requestAnimationFrame(onFrame);
  /** @param {number} now */
  function onFrame(now) {
    frame = requestAnimationFrame(onFrame);
    gapsMs.push(now - before);
    before = now;
  }
  await work();
  cancelAnimationFrame(frame);
  for (const { duration } of observer.takeRecords()) tasksMs.push(duration);
  observer.disconnect();
  gapsMs.sort((a, b) => a - b);
  return {
    seconds: (performance.now() - beganMs) / 1_000,
    frames: gapsMs.length,
    gapP99Ms: gapsMs[Math.floor(gapsMs.length * 0.99)] ?? Number.NaN,
    longestGapMs: gapsMs.at(-1) ?? Number.NaN,
    longTasks: tasksMs.filter((ms) => ms > LONG_TASK_MS).length,
    longestTaskMs: Math.max(0, ...tasksMs),
  };
}

Reflect.set(globalThis, 'probe', {
  /**
   * Resolves when the run of that number is shown and settled and a frame of it has been drawn, with the time of the
   * system's clock in milliseconds.
   * @param {number} run
   */
  async shown(run) {
    const { dataset } = document.documentElement;
    await untilSo(
      () =>
        dataset.run === String(run) &&
        dataset.phase === 'settled' &&
        document.querySelector('.wire svg') !== null,
      `run ${run}`,
    );
    await nextFrame();
    await nextFrame();
    return performance.timeOrigin + performance.now();
  },

  /**
   * Moves the slider to each of these facts, and waits each time until it is drawn. Resolves with the times in
   * milliseconds.
   * @param {readonly number[]} seqs
   */
  async seek(seqs) {
    /** @type {number[]} */
    const timesMs = [];
    for (const seq of seqs) {
      const beganMs = performance.now();
      slideTo(seq);
      await untilSo(() => isDrawn(seq), `the picture of fact ${seq}`);
      timesMs.push(performance.now() - beganMs);
      // What the browser paints and what was asked for in advance belongs to this one.
      for (let frame = 0; frame < 6; frame += 1) await nextFrame();
    }
    return timesMs;
  },

  /**
   * Waits while the run plays, until it has come to that fact or stands still.
   * @param {number} seq
   */
  play(seq) {
    const { dataset } = document.documentElement;
    return watch(async () => {
      while (Number(dataset.cursor) < seq && dataset.moving === 'true') await nextFrame();
    });
  },

  /**
   * Drags the slider from one end to the other, a step with each frame.
   * @param {number} steps
   */
  scrub(steps) {
    const last = Number(slider().max);
    return watch(async () => {
      for (let step = 0; step <= steps; step += 1) {
        slideTo(Math.round((last * step) / steps));
        await nextFrame();
      }
    });
  },

  /**
   * Scrolls the table of lines from one end to the other, a step with each frame, and rests now and then.
   * @param {number} steps
   */
  scrollLines(steps) {
    const table = document.querySelector('.lines-scroll');
    if (table === null) throw new Error('There is no table of lines');
    return watch(async () => {
      for (let step = 0; step <= steps; step += 1) {
        table.scrollTop = ((table.scrollHeight - table.clientHeight) * step) / steps;
        await nextFrame();
        // Facts are asked for where a scroll rests.
        if (step % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 300));
      }
    });
  },
});
