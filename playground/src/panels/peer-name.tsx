import { peerColour } from "../colour.js";

/** A peer's name with its colour, and a crown if it leads. */
export function PeerName({ name, leads = false }: { readonly name: string; readonly leads?: boolean }) {
  return (
    <span class="peer-name" style={{ "--peer": peerColour(name) }}>
      <span class="dot" aria-hidden="true" />
      {name}
      {leads && <Crown />}
    </span>
  );
}

/** The sign of who leads. */
export function Crown() {
  return (
    <svg class="crown" viewBox="0 0 24 24" role="img" aria-label="leads">
      <path d="M4 18 2.5 7l5.8 4.2L12 5l3.7 6.2L21.5 7 20 18z" />
    </svg>
  );
}
