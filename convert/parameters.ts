import { joined } from './expressions';
import type { Parameters } from './Workflow';

/** The fields of a group; none if it is none. */
export const asRecord = (value: unknown): Parameters =>
	typeof value === 'object' && value !== null ? (value as Parameters) : {};

/** A bucket by its name, and a key, as parameters of ours. */
export const bucketOf = (name: unknown) => ({ __rl: true, mode: 'name', value: joined(name) });
export const keyOf = (key: unknown) => ({ __rl: true, mode: 'key', value: joined(key) });

/** Whether a person has entered something; n8n keeps empty options. */
export const isSet = (value: unknown): boolean =>
	value !== undefined && value !== '' && value !== false;

/** The limits of a listing; both nodes list 100 unless told otherwise. */
export const limits = ({ returnAll, limit }: Parameters): Parameters =>
	returnAll === true ? { returnAll: true } : { returnAll: returnAll ?? false, limit: limit ?? 100 };
