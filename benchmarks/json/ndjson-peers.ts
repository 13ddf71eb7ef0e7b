import type { Sums } from './agg-trade-lines.ts';

// Databases that read such files themselves, from SQL or expressions. They sum inside and are spared handing columns to
// JavaScript, which is in their favour; they get as many threads as ours.

/** A query of a file. */
export interface Query {
  run(): Promise<Sums>;
  close(): void;
}

export async function duckdb(file: string, threads: number): Promise<Query> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  const columns = `{ a: 'BIGINT', p: 'DECIMAL(18, 1)', q: 'DECIMAL(18, 3)', T: 'BIGINT' }`;
  const sums = ['count(*)', 'sum(a)', 'sum(p) * 10', 'sum(q) * 1000', 'sum(T & 4294967295)'];
  const sql =
    `SELECT ${sums.map((sum) => `(${sum})::BIGINT`).join(', ')} ` +
    `FROM read_ndjson('${file.replaceAll("'", "''")}', columns = ${columns})`;
  return {
    run: async () => {
      const [row] = (await connection.runAndReadAll(sql)).getRows();
      const [rows, ids, ticks, lots, times] = row.map(Number);
      return { rows, ids, ticks, lots, times };
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export async function polars(file: string, threads: number): Promise<Query> {
  process.env.POLARS_MAX_THREADS = String(threads);
  const { default: pl } = await import('nodejs-polars');
  const count = (name: string, scale: number): ReturnType<typeof pl.col> =>
    pl.col(name).cast(pl.Float64).mul(scale).round(0).sum();
  const query = pl.scanJson(file, {}).select(
    pl.col('a').count().alias('rows'),
    pl.col('a').sum().alias('ids'),
    count('p', 10).alias('ticks'),
    count('q', 1000).alias('lots'),
    pl
      .col('T')
      .modulo(2 ** 32)
      .sum()
      .alias('times'),
  );
  return {
    run: async () => {
      const [{ rows, ids, ticks, lots, times }] = (await query.collect()).toRecords() as unknown as Sums[];
      return { rows, ids, ticks, lots, times };
    },
    close: () => undefined,
  };
}
