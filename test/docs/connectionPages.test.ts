/** The tables of fields that people wrote on the pages about credentials say what the credentials declare. */
import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { checkSessionName } from '../../s3/identity/validate';
import { credentialTypes } from './credentialsPage';
import { readDoc, rowsUnder } from './page';

/** The credential that a page is about; the connection settings are those of all of them. */
const PAGES: readonly [string, string | undefined][] = [
	['connection-settings.md', undefined],
	['access-keys.md', 'amazonS3AccessKeysApi'],
	['basic-auth.md', 'amazonS3BasicAuthApi'],
	['roles-anywhere.md', 'amazonS3RolesAnywhereApi'],
];

/** Each named field with what the page says of it. */
const namedOn = (page: string): [string, string][] =>
	rowsUnder(readDoc(page), 'Field').flatMap(([names = '', text = '']) =>
		names.split(', ').map((name): [string, string] => [name, text]),
	);

async function typesOf(name: string | undefined): Promise<ICredentialType[]> {
	const types = await credentialTypes();
	return types.filter((type) => name === undefined || type.name === name);
}

const fieldOf = (types: ICredentialType[], label: string): INodeProperties | undefined =>
	types.flatMap(({ properties }) => properties).find(({ displayName }) => displayName === label);

const numbersIn = (pattern: RegExp, text: string): number[] =>
	(pattern.exec(text) ?? [])
		.slice(1)
		.filter((number: string | undefined) => number !== undefined)
		.map((number) => Number(number.replaceAll(',', '')));

it.each(PAGES)('the tables of %s name only fields that the credential has', async (page, type) => {
	const types = await typesOf(type);
	const names = namedOn(page).map(([name]) => name);
	expect(names.length).toBeGreaterThan(4);
	expect(names.filter((name) => fieldOf(types, name) === undefined)).toEqual([]);
});

it.each(PAGES)(
	'the tables of %s give the limits and defaults of its fields',
	async (page, type) => {
		const types = await typesOf(type);
		for (const [name, text] of namedOn(page)) {
			const { default: value, typeOptions, type: kind } = fieldOf(types, name) ?? {};
			if (kind !== 'number') continue;
			const { minValue, maxValue } = typeOptions ?? {};
			const limits = numbersIn(/([\d,]+) to ([\d,]+)/, text);
			const unset = numbersIn(/([\d,]+) unless set|^`(\d+)`/, text);
			expect({ name, limits, unset }).toEqual({
				name,
				limits: limits.length > 0 ? [minValue, maxValue] : [],
				unset: [value],
			});
		}
	},
);

it('descriptions of fields of credentials give the limits of the fields', async () => {
	const fields = (await credentialTypes()).flatMap(({ properties }) => properties);
	for (const { displayName, description = '', typeOptions = {} } of fields) {
		const limits = numbersIn(/(\d+) to (\d+)/, description);
		if (limits.length === 0) continue;
		const { minValue, maxValue } = typeOptions;
		expect({ displayName, limits }).toEqual({ displayName, limits: [minValue, maxValue] });
	}
});

it('docs/access-keys.md gives the rule for session names', () => {
	const text = new Map(namedOn('access-keys.md')).get('Role Session Name') ?? '';
	const [, shortest = 0, longest = 0] = (/(\d+) to (\d+) letters/.exec(text) ?? []).map(Number);
	for (const length of [shortest, longest]) {
		expect(checkSessionName('a'.repeat(length))).toHaveLength(length);
	}
	for (const length of [shortest - 1, longest + 1]) {
		expect(() => checkSessionName('a'.repeat(length))).toThrow(/session name/);
	}
	const [, signs = ''] = /any of `([^`]*)`/.exec(text) ?? [];
	for (const sign of signs.split(' ')) expect(checkSessionName(`ab${sign}`)).toBe(`ab${sign}`);
});
