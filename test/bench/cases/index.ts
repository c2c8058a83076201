import { list } from './list';
import { small } from './small';

/** Everything that can be measured, in the order in which it is. */
export const CASES = { small, list };

export type CaseName = keyof typeof CASES;
