import { cpu } from './cpu';
import { huge, large } from './large';
import { list } from './list';
import { load } from './load';
import { million } from './million';
import { small } from './small';

/** Everything that can be measured, in the order in which it is. */
export const CASES = { load, large, list, cpu, million, small, huge };

export type CaseName = keyof typeof CASES;
