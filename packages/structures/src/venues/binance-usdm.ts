import type { Continuity, SequenceRule, UpdateIds } from './sequence-rule.ts';

/**
 * Binance USD-M futures, `U` = firstId, `u` = lastId, `pu` = previousId, `L` = the snapshot's lastUpdateId:
 * drop `u < L`; the first applied event has `U <= L <= u`; from there every `pu` equals the `u` before it.
 *
 * The ids are shared by all symbols, so `U` is usually not `pu + 1`, and in a quiet symbol the snapshot can stand between
 * two events. The event after it then has `U > L` and `pu <= L`: nothing lies between, and quantities are absolute, so
 * it continues the snapshot. By the letter of the rule such a symbol could never be synchronised.
 *
 * Source: developers.binance.com, USDⓈ-M futures, "How to manage a local order book correctly".
 */
export const binanceUsdm: SequenceRule = {
  venue: 'binance-usdm',

  illegal(update: UpdateIds): string | undefined {
    if (!isId(update.firstId) || !isId(update.lastId)) return 'ids must be integers from 0 to 2^53 - 1';
    if (update.firstId > update.lastId) return 'firstId is above lastId';
    if (!isId(update.previousId)) return 'previousId (pu) is missing';
    if (update.firstId <= update.previousId) return 'firstId is not above previousId';
    return undefined;
  },

  afterSnapshot(snapshotId: number, update: UpdateIds): Continuity {
    if (update.lastId < snapshotId) return 'old';
    return update.firstId <= snapshotId || update.previousId <= snapshotId ? 'next' : 'ahead';
  },

  afterUpdate(last: UpdateIds, update: UpdateIds): Continuity {
    if (update.previousId === last.lastId) return 'next';
    // Repeated or earlier events end where the last one ends, or not after it began. One that ends inside the last
    // one's range belongs to another chain: an id has been damaged, and calling it old would hide that.
    if (update.lastId === last.lastId || update.lastId <= last.previousId) return 'old';
    return 'ahead';
  },

  link(update: UpdateIds): number {
    return update.previousId;
  },
};

function isId(id: number): boolean {
  return id >= 0 && id <= Number.MAX_SAFE_INTEGER && Math.floor(id) === id;
}
