export { jsonBackend } from './backend.ts';
export type { JsonBackend } from './backend.ts';
export { DocumentIndex } from './document/document-index.ts';
export type { Cursor, Document, JsonType } from './document/document.ts';
export { open } from './document/open.ts';
export type { OpenOptions } from './document/open.ts';
export { pointer } from './document/pointer.ts';
export type { JsonPointer } from './document/pointer.ts';
export { columnsOf } from './decoder/columns.ts';
export { decoder } from './decoder/decoder.ts';
export type { Decoder } from './decoder/decoder.ts';
export type { DecoderOptions } from './decoder/plan.ts';
export { decodeReasons } from './decoder/reasons.ts';
export type { DecodeReason } from './decoder/reasons.ts';
export { textDictionary } from './decoder/text-dictionary.ts';
export type { TextDictionary } from './decoder/text-dictionary.ts';
export { field, union } from './decoder/types.ts';
export type {
  AnySchema,
  BoolType,
  ColumnsOf,
  CountOptions,
  CountType,
  DecimalScale,
  EnumType,
  F64Type,
  FieldColumn,
  FieldSpec,
  FieldType,
  FieldValue,
  Fields,
  I64Type,
  Levels,
  LevelsColumn,
  LevelsType,
  NumberForm,
  RecordOf,
  SafeIntegerType,
  ScaleByText,
  ScaleSource,
  Schema,
  TextType,
  Union,
} from './decoder/types.ts';
export { JsonError } from './errors.ts';
export type { DecodeFault, JsonErrorCode, JsonPosition } from './errors.ts';
export type { JsonLimits } from './limits.ts';
export type {
  NdjsonBatchOptions,
  NdjsonColumnsOptions,
  NdjsonOptions,
  NdjsonProgress,
  NdjsonSchema,
  OnBadLine,
} from './ndjson/options.ts';
export { readNdjson } from './ndjson/read-ndjson.ts';
export type { NdjsonStream } from './ndjson/read-ndjson.ts';
export { readNdjsonColumns } from './ndjson/read-ndjson-columns.ts';
export type { NdjsonColumns } from './ndjson/read-ndjson-columns.ts';
export type { NdjsonSummary } from './ndjson/summary.ts';
export { parse } from './parse.ts';
export { parseAsync } from './parse-async.ts';
export type { ParseAsyncOptions, ParseOptions } from './parse/options.ts';
export type { ByteSource, Compression, SourceProgress } from './source/byte-source.ts';
export type { SourceOptions } from './source/options.ts';
export type { ArrayStream } from './stream/array-stream.ts';
export type { ArrayProgress, ParseFileOptions, StreamArrayOptions, StreamColumnsOptions } from './stream/options.ts';
export { parseFile } from './stream/parse-file.ts';
export { streamArray } from './stream/stream-array.ts';
export { stringify } from './stringify.ts';
export { isValid, validate } from './validate.ts';
export { jsonWriter, ndjsonWriter } from './writer/columns-writer.ts';
export type { ColumnsWriter, ColumnsWriterOptions, WritableColumns, WrittenRows } from './writer/columns-writer.ts';
export { stringifyStream } from './writer/stringify-stream.ts';
export type { StringifyStreamOptions } from './writer/stringify-stream.ts';
