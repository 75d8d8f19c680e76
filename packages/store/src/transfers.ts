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
  clear(): void;
}

export function createTransfers({ piece, batch }: Pick<StoreLimits, "piece" | "batch">): Transfers {
  const parcels = new Map<PeerId, { readonly request: number; readonly pieces: Iterator<Piece, void> }>();
  return {
    begin: (to, request, parcel) => void parcels.set(to, { request, pieces: piecesOf(parcel, piece) }),
    next(to) {
      const parcel = parcels.get(to);
      if (parcel === undefined) return null;
      const pieces: Piece[] = [];
      while (pieces.length < batch) {
        const next = parcel.pieces.next();
        if (next.done === true) {
          parcels.delete(to);
          break;
        }
        pieces.push(next.value);
      }
      return { request: parcel.request, pieces };
    },
    clear: () => parcels.clear(),
  };
}
