/** docs/credentials.md: the fields of all credentials, made of their classes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { rowOf, table } from './fieldTables';

const PROJECT = join(__dirname, '..', '..');

const INTRODUCTION = `# Fields of the credentials

Every field of every credential, made of the code by \`npm run docs\`. What to enter, step by step, is on the pages about
[access keys](access-keys.md), [user and password](basic-auth.md), [Roles Anywhere](roles-anywhere.md) and the
[role of the machine](ambient.md); what the settings do is on the page about [connection settings](connection-settings.md).

The second connection of Copy and Move has credentials of its own, whose names have *Target* in them. Their fields are
the same. A field in *italics* is shown only with some values of others.`;

/** The credentials of the package in the order of package.json, without those of targets. */
export async function credentialTypes(): Promise<ICredentialType[]> {
	const { n8n } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
		n8n: { credentials: string[] };
	};
	const names = n8n.credentials
		.map((file) => /(\w+)\.credentials\.js$/.exec(file)?.[1] ?? '')
		.filter((name) => !name.startsWith('AmazonS3Target'));
	return await Promise.all(
		names.map(async (name) => {
			const file = join(PROJECT, 'credentials', `${name}.credentials.ts`);
			const module = (await import(file)) as Record<string, new () => ICredentialType>;
			const Type = module[name];
			if (Type === undefined) throw new Error(`${file} has no class ${name}`);
			return new Type();
		}),
	);
}

/** What a person fills in. A field may be declared twice, to be shown with or without a switch. */
function fieldsOf({ properties }: ICredentialType): INodeProperties[] {
	const shown = properties.filter(({ type }) => !['notice', 'hidden'].includes(type));
	return [...new Map(shown.map((field) => [field.name, field])).values()];
}

const section = (title: string, fields: INodeProperties[]): string =>
	[`## ${title}`, table(['Field', 'Default', 'Meaning'], fields.map(rowOf))].join('\n\n');

/** The whole page. */
export async function credentialsPage(): Promise<string> {
	const types = await credentialTypes();
	const everywhere = ({ displayName }: INodeProperties) =>
		types.every((type) => fieldsOf(type).some((field) => field.displayName === displayName));
	const [first] = types;
	const shared = first === undefined ? [] : fieldsOf(first).filter(everywhere);
	const sections = types.map((type) =>
		section(
			type.displayName,
			fieldsOf(type).filter((field) => !everywhere(field)),
		),
	);
	return `${[INTRODUCTION, ...sections, section('All of them', shared)].join('\n\n')}\n`;
}
