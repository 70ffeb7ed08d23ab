import { element, sentence } from "./dom.ts";

/** What takes some time: its button, which stops it while it runs, and how far it is. */
export interface Job {
  readonly button: HTMLElement;
  readonly status: HTMLElement;
}

/** Makes a button that does `work`, which may say how far it is and gives what it came to. */
export function makeJob(
  label: string,
  work: (signal: AbortSignal, say: (text: string) => void) => Promise<string>,
  outer: AbortSignal,
): Job {
  const button = element("button", { type: "button" }, label);
  const status = element("p", { role: "status" });
  let running: AbortController | undefined;

  const run = async (): Promise<void> => {
    const own = new AbortController();
    running = own;
    button.textContent = "Stop";
    const say = (text: string) => {
      status.textContent = text;
    };
    try {
      say(await work(AbortSignal.any([own.signal, outer]), say));
    } catch (error) {
      say(own.signal.aborted ? "Stopped." : sentence(error));
    }
    running = undefined;
    button.textContent = label;
  };
  button.addEventListener("click", () => {
    if (running === undefined) void run();
    else running.abort();
  });
  return { button, status };
}
