/** What saved workflows and credentials name. Additions are fine; anything else breaks them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { AmazonS3AccessKeysApi } from '../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3AmbientApi } from '../../credentials/AmazonS3AmbientApi.credentials';
import { AmazonS3BasicAuthApi } from '../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../credentials/AmazonS3RolesAnywhereApi.credentials';
import { AmazonS3TargetAccessKeysApi } from '../../credentials/AmazonS3TargetAccessKeysApi.credentials';
import { AmazonS3TargetAmbientApi } from '../../credentials/AmazonS3TargetAmbientApi.credentials';
import { AmazonS3TargetBasicAuthApi } from '../../credentials/AmazonS3TargetBasicAuthApi.credentials';
import { AmazonS3TargetRolesAnywhereApi } from '../../credentials/AmazonS3TargetRolesAnywhereApi.credentials';
import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { AmazonS3Trigger } from '../../nodes/AmazonS3Trigger/AmazonS3Trigger.node';
import published from './publicInterface.json';

type Named = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** An option that is offered beside another one is there several times. */
const oncePerName = (fields: Named[]): Named[] =>
	fields.filter((field, at) => fields.findIndex(({ name }) => name === field.name) === at);

/** `path: type = default`, for every parameter and everything inside it. */
function linesOf(fields: Named[], path: string): string[] {
	return fields.flatMap((field) => {
		if ('value' in field) return [`${path} takes ${JSON.stringify(field.value)}`];
		const name = `${path}.${field.name}`;
		if ('values' in field) return linesOf(field.values, name);
		return [
			`${name}: ${field.type} = ${JSON.stringify(field.default)}`,
			...linesOf(oncePerName(field.options ?? []), name),
			...(field.modes ?? []).map((mode) => `${name} has the mode ${mode.name}`),
		];
	});
}

/** The trigger has no operations: a field is the same wherever it is shown. */
function triggerLines(): string[] {
	const { name, properties } = new AmazonS3Trigger().description;
	return properties.flatMap((property) => {
		const [watch] = property.displayOptions?.show?.watch ?? [];
		const isBeside = watch === 'queue' || watch === 'both';
		return linesOf([property], isBeside ? `${name} ${watch}` : name);
	});
}

function nodeLines(): string[] {
	const { description } = new AmazonS3();
	return description.properties.flatMap((property) => {
		const [where, what] = ['resource', 'operation'].map((name) => {
			const [value] = property.displayOptions?.show?.[name] ?? [];
			return typeof value === 'string' ? value : '*';
		});
		const isOfTool = property.displayOptions?.show?.['@tool'] !== undefined;
		const path = [description.name, where, what, ...(isOfTool ? ['(tool)'] : [])].join(' ');
		return linesOf([property], path);
	});
}

const now = [
	// A field with other words for another choice, such as the key of Put, is there twice.
	...new Set(nodeLines()),
	...triggerLines(),
	...[
		new AmazonS3AccessKeysApi(),
		new AmazonS3AmbientApi(),
		new AmazonS3BasicAuthApi(),
		new AmazonS3RolesAnywhereApi(),
		new AmazonS3TargetAccessKeysApi(),
		new AmazonS3TargetAmbientApi(),
		new AmazonS3TargetBasicAuthApi(),
		new AmazonS3TargetRolesAnywhereApi(),
		// A field behind More Settings is there twice.
	].flatMap(({ name, properties }) => [...new Set(linesOf(properties, name))]),
];

it('the public interface names no parameter twice', () => {
	expect(new Set(now).size).toBe(now.length);
});

it('the public interface still has all that was published, with the same types and defaults', () => {
	expect(published.filter((line) => !now.includes(line))).toEqual([]);
});

it('the public interface is published as a whole: UPDATE_INTERFACE=1 adds new lines to publicInterface.json', () => {
	if (process.env.UPDATE_INTERFACE === '1') {
		const lines = [...new Set([...now, ...published])];
		writeFileSync(
			join(__dirname, 'publicInterface.json'),
			`${JSON.stringify(lines, null, '\t')}\n`,
		);
		return;
	}
	expect(now.filter((line) => !published.includes(line))).toEqual([]);
});
