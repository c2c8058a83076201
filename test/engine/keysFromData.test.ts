/** The keys that docs/variables.md and docs/put-sources.md make of expressions, as they stand there. */
import { readDoc, rowsUnder } from '../docs/page';
import { withServer } from '../servers/withServer';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const { credential } = withServer({ buckets: [bucket] });
withBinaryStore();

const rows = rowsUnder(readDoc('variables.md'), 'You want').map(([want = '', key = '']) => ({
	want,
	key: key.slice(1, -1),
}));

const file = (fileName: string) => ({ data: 'eA==', mimeType: 'text/plain', fileName });
const ITEMS = ['Ada', 'Grace/Hopper'].map((customer, at) => ({
	json: { customer, name: customer, key: `before/${String(at)}.json` },
	binary: { data: file('report.csv'), other: file('report.csv') },
}));

/** The keys under which a file of each item is put. */
async function keysOf(key: string, parameters: object = {}): Promise<unknown[]> {
	const { outputs, error } = await runNode({
		items: ITEMS,
		parameters: { resource: 'object', operation: 'put', bucket, key: `=${key}`, ...parameters },
		credential,
	});
	expect(error).toBeUndefined();
	return (outputs[0] ?? []).map(({ json }) => json.key);
}

const KEYS: Record<string, RegExp[]> = {
	'folders by date': [
		/^reports\/\d{4}\/\d\d\/\d\d\/report\.csv$/,
		/^reports\/\d{4}\/\d\d\/\d\d\/report\.csv$/,
	],
	'a folder for each customer': [/^Ada\/report\.csv$/, /^Grace\/Hopper\/report\.csv$/],
	'partitions as Athena and Spark read them': [
		/^events\/year=\d{4}\/month=\d\d\/[^/]+-0\.json$/,
		/^events\/year=\d{4}\/month=\d\d\/[^/]+-1\.json$/,
	],
	'a key for each item': [/^export\/[^/]+\/0\.json$/, /^export\/[^/]+\/1\.json$/],
	'the key of the item before': [/^before\/0\.json$/, /^before\/1\.json$/],
};

it('docs/variables.md has an expression for each of the keys that are tried', () => {
	expect(rows.map(({ want }) => want)).toEqual(Object.keys(KEYS));
});

it.each(rows)('the expression of docs/variables.md gives $want', async ({ want, key }) => {
	const keys = await keysOf(key);
	const expected = KEYS[want] ?? [];
	expect(keys).toHaveLength(ITEMS.length);
	keys.forEach((one, at) => expect(one).toMatch(expected[at] ?? 'none'));
	expect(keys.join()).not.toContain('undefined');
});

it('the expression of docs/variables.md for a slash in a value makes no folder', async () => {
	const [, expression = ''] =
		/makes a folder.*?`(\{\{[^`]*\}\})`/s.exec(readDoc('variables.md')) ?? [];
	expect(await keysOf(expression)).toEqual(['Ada', 'Grace-Hopper']);
});

it('the key of docs/put-sources.md keeps attachments of the same name', async () => {
	const [, key = ''] = /`(mail\/[^`]*)`/.exec(readDoc('put-sources.md')) ?? [];
	const keys = await keysOf(key, { binaryProperty: '={{ Object.keys($binary) }}' });
	expect(keys).toHaveLength(4);
	expect(new Set(keys).size).toBe(4);
	for (const one of keys) expect(one).toMatch(/^mail\/[^/{]+\/\d-\d-report\.csv$/);
});
