/**
 * Parcels on their way to other peers, in pieces, each sent when the last one has come.
 *
 * @module
 */
import type { PeerId } from "gen-leader";
import type { StoreLimits } from "./limits.js";
import { type Piece, piecesOf } from "./pieces.js";

export interface Transfers {
  /** The parcel that a peer has asked for, instead of what it was sent before. */
  begin(to: PeerId, request: number, parcel: unknown): void;
  /** The next pieces for a peer; `null` if nothing is on its way to it. */
  next(to: PeerId): { readonly request: number; readonly pieces: readonly Piece[] } | null;
  /** Nothing goes to that peer any more. */
  end(to: PeerId): void;
  clear(): void;
}

export function createTransfers({ piece, batch }: Pick<StoreLimits, "piece" | "batch">): Transfers {
  const parcels = new Map<
    PeerId,
    { readonly request: number; readonly pieces: Iterator<Piece, void>; next: IteratorResult<Piece, void> }
  >();
  return {
    begin(to, request, parcel) {
      const pieces = piecesOf(parcel, piece);
      parcels.set(to, { request, pieces, next: pieces.next() });
    },
    next(to) {
      const parcel = parcels.get(to);
      if (parcel === undefined) return null;
      const pieces: Piece[] = [];
      for (; pieces.length < batch && parcel.next.done !== true; parcel.next = parcel.pieces.next()) pieces.push(parcel.next.value);
      // What was sent may be large, and is not kept for whoever has it.
      if (parcel.next.done === true) parcels.delete(to);
      return { request: parcel.request, pieces };
    },
    end: (to) => void parcels.delete(to),
    clear: () => parcels.clear(),
  };
}
