export { decimalFault, decimalsOf, scaledFromBytes, scaledFromText, textFromScaled } from './decimal.ts';
export { errorClass, errorCode } from './error.ts';
export type { CodedError, ErrorClass, ErrorDetails } from './error.ts';
export {
  anyOption,
  booleanOption,
  choiceOption,
  functionOption,
  integerOption,
  numberOption,
  readOptions,
  signalOption,
  stringOption,
} from './options.ts';
export type { OptionFault, OptionRule, OptionRules, ReadOptions } from './options.ts';
