import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type Latencies, measureLatency, summary } from "../latency.js";
import type { Tab } from "../tab.js";

const callCount = 100;
const plotHeight = 170;

/** Calls the leader many times and plots how long each answer took. */
export function LatencyPanel({ tab }: { readonly tab: Tab }) {
  const [latencies, setLatencies] = useState<Latencies>([]);
  const [running, setRunning] = useState(false);
  const figures = summary(latencies);
  const server = tab.peer?.server;

  async function run(): Promise<void> {
    if (server === undefined) return;
    setRunning(true);
    setLatencies([]);
    await measureLatency(server, callCount, setLatencies);
    setRunning(false);
  }

  return (
    <section class="panel latency" aria-labelledby="latency-title">
      <h2 id="latency-title">Call latency</h2>
      <button type="button" disabled={server === undefined || running} onClick={() => void run()}>
        Call the leader {callCount} times
      </button>
      <LatencyPlot latencies={latencies} />
      <p class="figures" role="status" aria-live={running ? "off" : "polite"}>
        {figures === null ? (
          <span class="dim">One lookup after the other, answered by whoever leads.</span>
        ) : (
          <>
            <Figure label="median" milliseconds={figures.medianMs} />
            <Figure label="95 %" milliseconds={figures.p95Ms} />
            <Figure label="slowest" milliseconds={figures.maxMs} />
            {figures.failed > 0 && <span class="failure">{figures.failed} failed</span>}
          </>
        )}
      </p>
    </section>
  );
}

function Figure({ label, milliseconds }: { readonly label: string; readonly milliseconds: number }) {
  return (
    <span class="figure">
      <span class="dim">{label}</span> <b>{milliseconds.toFixed(milliseconds < 10 ? 2 : 0)}</b> ms
    </span>
  );
}

/** The plot: one dot a call. Made again when the page turns dark or light, since its colours are fixed when it is made. */
function LatencyPlot({ latencies }: { readonly latencies: Latencies }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = useRef<uPlot.AlignedData>([[], []]);
  data.current = [latencies.map((_, index) => index + 1), [...latencies]];

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const make = () => {
      plot.current?.destroy();
      plot.current = createPlot(element, data.current);
    };
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: plotHeight }));
    make();
    resized.observe(element);
    scheme.addEventListener("change", make);
    return () => {
      resized.disconnect();
      scheme.removeEventListener("change", make);
      plot.current?.destroy();
    };
  }, []);

  useEffect(() => plot.current?.setData(data.current), [latencies]);

  return <div class="plot" ref={place} role="img" aria-label="Milliseconds of each call, in order" />;
}

function createPlot(element: HTMLElement, data: uPlot.AlignedData): uPlot {
  const style = getComputedStyle(element);
  const ink = style.getPropertyValue("--ink-dim");
  const rule = style.getPropertyValue("--rule");
  const accent = style.getPropertyValue("--accent");
  const font = `11px ${style.fontFamily}`;
  const axis: uPlot.Axis = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { show: false } };
  return new uPlot(
    {
      width: element.clientWidth,
      height: plotHeight,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 16, 0, 0],
      scales: {
        x: { time: false, range: [0, callCount] },
        y: { range: (_plot, _min, max) => [0, Math.max(1, (max ?? 0) * 1.1)] },
      },
      axes: [
        { ...axis, size: 24, grid: { show: false } },
        { ...axis, size: 54, values: (_plot, splits) => splits.map((split) => `${Number(split.toFixed(2))} ms`) },
      ],
      series: [{}, { stroke: accent, width: 1.25, points: { show: true, size: 4, fill: accent, width: 0 }, spanGaps: false }],
    },
    data,
    element,
  );
}
