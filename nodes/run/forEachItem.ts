import type { OpenS3 } from '../../s3/client/S3';
import type { CredentialSlot } from '../connection/authentication';
import { automaticConcurrencyOf, MOST_AT_ONCE, type ItemSlots } from './AutomaticConcurrency';
import { LateTurns } from './LateTurns';
import type { Item, ItemOperation } from './operation';
import type { Results } from './Results';
import type { RunItems } from './RunItems';
import { Turns } from './Turns';

/**
 * Works on every input item by itself, several at once. No further item is begun once the work is to stop.
 *
 * @param concurrency how many items are worked on at once; undefined finds out what each connection takes
 */
export async function forEachItem(
	operation: ItemOperation,
	items: RunItems,
	results: Results,
	concurrency: number | undefined,
): Promise<void> {
	const slotsOf = concurrency === undefined ? automaticSlots() : () => FREE;
	const turns = new Turns();
	const late = new LateTurns();
	let next = 0;
	const takeTurn = turnsOf(operation, turns, late);
	const workOn = async (item: Item, signal: AbortSignal) => {
		const { index } = item;
		const leave = await slotsOf(item.s3).enter(signal);
		const others = new Set<OpenS3>();
		const connection = async (slot: CredentialSlot) => {
			const other = await item.connection(slot);
			others.add(other);
			return other;
		};
		let bytes = 0;
		try {
			const turnFor = (target: string) => late.take(index, target);
			const made = await operation.execute({ ...item, connection, turnFor });
			bytes = operation.bytesOf?.(made) ?? 0;
			results.succeed(index, made);
		} finally {
			const isPressed = [...others].some((other) => other.isUnderPressure());
			leave(bytes, isPressed);
		}
	};
	const work = async () => {
		while (next < items.count && !results.signal.aborted) {
			const index = next++;
			const signal = results.begin(index);
			const opening = items.open(index, signal);
			const turn = takeTurn(opening);
			try {
				const item = await opening;
				const ownTurn = await turn;
				await ownTurn?.begin;
				if (ownTurn?.isRepeated === true) checkRepetition(operation, item, turns);
				await workOn(item, signal);
			} catch (error) {
				results.fail(index, error);
			} finally {
				(await turn)?.end();
				late.end(index);
			}
		}
	};
	const workers = Math.min(concurrency ?? MOST_AT_ONCE, items.count);
	await Promise.all(Array.from({ length: workers }, work));
	const repetitions = Math.max(turns.repetitions, late.repetitions);
	if (late.outOfOrder > 0) items.hint(disorderHint(late.outOfOrder));
	else if (repetitions > 0 && operation.addsUp !== true) items.hint(repetitionHint(repetitions));
}

/**
 * Gives items their turns in the order in which it is called, whichever connection is open first. A turn is undefined
 * for an item that need not wait for others, or fails for its parameters.
 */
function turnsOf(operation: ItemOperation, turns: Turns, late: LateTurns) {
	let before: Promise<unknown> = Promise.resolve();
	return async (opening: Promise<Item>) => {
		if (operation.targetsOf === undefined) return undefined;
		const turn = before.then(async () => await turnOf(operation, opening, turns, late));
		before = turn;
		return await turn;
	};
}

async function turnOf(
	operation: ItemOperation,
	opening: Promise<Item>,
	turns: Turns,
	late: LateTurns,
) {
	try {
		const item = await opening;
		const { index } = item;
		const isLate = operation.findsTarget?.(item);
		if (isLate === true) late.announce(index);
		const targets = (await operation.targetsOf?.(item)) ?? [];
		// Items before it may find out that they write to the same. Its turn ends with the work on it.
		if (isLate === false) {
			return { begin: late.take(index, ...targets), end: () => undefined, isRepeated: false };
		}
		return turns.take(targets, operation.sourcesOf?.(item));
	} catch {
		return undefined;
	}
}

/** @throws what refuses the item; it writes nothing then, and is not counted */
function checkRepetition(operation: ItemOperation, item: Item, turns: Turns): void {
	const refusal = operation.refusalOf?.(item);
	if (refusal === undefined) return;
	turns.repetitions -= 1;
	throw refusal;
}

const repetitionHint = (count: number): string =>
	`${count === 1 ? 'An item has' : `${count} items have`} the same bucket and key as an earlier item. They were written in the order of the items, so the last one of each key stays.`;

const disorderHint = (count: number): string =>
	`${count === 1 ? 'An item has' : `${count} items have`} the same bucket and key as a later one, which was stored before, as its server was faster. Give them keys that differ, or set the option Concurrency to 1.`;

/** With a fixed concurrency the number of workers is the limit. */
const FREE: ItemSlots = { enter: () => Promise.resolve(() => undefined) };

/** The slots of this run, for each connection that its items use. */
function automaticSlots(): (connection: OpenS3) => ItemSlots {
	const known = new Map<OpenS3, ItemSlots>();
	return (connection) => {
		const slots = known.get(connection) ?? automaticConcurrencyOf(connection).forRun();
		known.set(connection, slots);
		return slots;
	};
}
