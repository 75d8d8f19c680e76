import { nameOf } from "gen-leader";
import { useEffect, useRef, useState } from "preact/hooks";
import { peerColour } from "../colour.js";
import { wallTime } from "../events.js";
import type { Tab } from "../tab.js";
import { describeEvent, type Lane, lanesOf, type Mark, type Segment } from "../timeline.js";
import { Crown } from "./peer-name.js";

/** How much of the past can be shown at once. */
const spans = [
  { label: "30 s", spanMs: 30_000 },
  { label: "2 min", spanMs: 120_000 },
  { label: "10 min", spanMs: 600_000 },
] as const;

/** How often the picture moves on. Only events make it be drawn again. */
const stepMs = 200;
const newsShown = 5;

/** What every peer did, on one axis: who led, who followed whom, who went. */
export function Timeline({ tab }: { readonly tab: Tab }) {
  const [spanMs, setSpanMs] = useState<number>(spans[0].spanMs);
  const { events } = tab.shared;
  const now = wallTime();
  const lanes = lanesOf(events).filter(({ segments }) => segments.some(({ to }) => to === null || to > now - spanMs));
  const leader = tab.peer?.snapshot.leader ?? null;
  const leaderName = leader === null ? null : nameOf(leader);
  const news = events.filter((event) => describeEvent(event) !== null).slice(-newsShown);

  return (
    <section class="panel timeline" aria-labelledby="timeline-title">
      <div class="title-row">
        <h2 id="timeline-title">Timeline of all peers</h2>
        <fieldset class="segmented" aria-label="How far back">
          {spans.map((span) => (
            <button type="button" key={span.label} aria-pressed={span.spanMs === spanMs} onClick={() => setSpanMs(span.spanMs)}>
              {span.label}
            </button>
          ))}
        </fieldset>
      </div>
      <div class="lanes">
        <ul class="labels" aria-hidden="true">
          {lanes.map(({ name, segments }) => (
            <li key={name} class={segments.at(-1)?.to === null ? "" : "gone"} style={{ "--peer": peerColour(name) }}>
              <span class="dot" />
              <span class="text">{name}</span>
              {name === leaderName && <Crown />}
            </li>
          ))}
        </ul>
        <Tracks lanes={lanes} origin={now} spanMs={spanMs} />
        <div class="axis" aria-hidden="true">
          {[1, 0.75, 0.5, 0.25, 0].map((share) => (
            <span key={share} style={{ left: `${(1 - share) * 100}%` }}>
              {share === 0 ? "now" : `−${agoText(share * spanMs)}`}
            </span>
          ))}
        </div>
      </div>
      <ol class="news" aria-label="Latest events" aria-live="polite">
        {news.map((event) => (
          <li key={`${event.peer} ${event.at} ${event.type}`}>
            <time dateTime={new Date(event.at).toISOString()}>{clockText(event.at)}</time> {describeEvent(event)}
          </li>
        ))}
      </ol>
    </section>
  );
}

/**
 * The moving part. Everything is placed on a strip whose zero is `origin`, one width a span; the strip alone is moved as time
 * passes, so that a quiet cluster costs next to nothing to show. What goes on reaches far beyond the edge.
 */
function Tracks({ lanes, origin, spanMs }: { readonly lanes: readonly Lane[]; readonly origin: number; readonly spanMs: number }) {
  const strip = useRef<HTMLDivElement>(null);
  const place = (at: number) => ((at - origin) / spanMs) * 100;

  useEffect(() => {
    const move = () => {
      const element = strip.current;
      if (element === null || document.visibilityState === "hidden") return;
      element.style.transform = `translateX(${100 - place(wallTime())}%)`;
    };
    move();
    const timer = setInterval(move, stepMs);
    return () => clearInterval(timer);
  });

  const earliest = origin - spanMs;
  return (
    <div class="tracks" role="img" aria-label={spoken(lanes)}>
      <div class="strip" ref={strip}>
        {lanes.map(({ name, segments, marks }) => (
          <div class="track" key={name} style={{ "--peer": peerColour(name) }}>
            {segments
              .filter(({ to }) => to === null || to > earliest)
              .map((segment) => (
                <span
                  key={`${segment.from} ${segment.kind}`}
                  class={segment.kind}
                  style={segmentStyle(segment, Math.max(segment.from, earliest - spanMs), place)}
                />
              ))}
            {marks
              .filter(({ at }) => at > earliest)
              .map((mark) => (
                <MarkView key={`${mark.at} ${mark.kind}`} mark={mark} left={place(mark.at)} />
              ))}
          </div>
        ))}
        {lanes.flatMap(({ name, marks }) =>
          marks
            .filter(({ kind, at }) => kind === "elected" && at > earliest)
            .map(({ at }) => <span class="election" key={`${name} ${at}`} style={{ left: `${place(at)}%`, "--peer": peerColour(name) }} />),
        )}
      </div>
    </div>
  );
}

function segmentStyle({ leader, to }: Segment, from: number, place: (at: number) => number): Record<string, string> {
  const left = place(from);
  // A week ahead: what goes on is not drawn again for going on.
  const right = to === null ? left + 100_000 : place(to);
  return { left: `${left}%`, width: `${right - left}%`, ...(leader === null ? {} : { "--led-by": peerColour(leader) }) };
}

function MarkView({ mark, left }: { readonly mark: Mark; readonly left: number }) {
  return (
    <span class={`mark ${mark.kind}`} style={{ left: `${left}%` }} title={`${clockText(mark.at)} ${mark.text}`}>
      {mark.kind === "elected" && <Crown />}
    </span>
  );
}

/** The picture in words. */
function spoken(lanes: readonly Lane[]): string {
  const present = lanes.flatMap(({ name, segments }) => {
    const last = segments.at(-1);
    if (last === undefined || last.to !== null) return [];
    if (last.kind === "leading") return [`${name} leads`];
    return [last.leader === null ? `${name} looks for a leader` : `${name} follows ${last.leader}`];
  });
  return present.length === 0 ? "Nobody is here yet" : present.join(", ");
}

function agoText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 100) / 10;
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 6) / 10} min`;
}

function clockText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
