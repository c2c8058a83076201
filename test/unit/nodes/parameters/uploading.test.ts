import { NodeHelpers, type INodeParameters } from 'n8n-workflow';

import { copyParts, uploading } from '../../../../nodes/parameters/uploading';
import { sourceOf } from './sourceOf';

describe('how an object is uploaded', () => {
	it('the sizes for an upload are read in bytes', () => {
		const source = sourceOf({
			'options.checksum': 'SHA256',
			'options.partSizeMb': 5,
			'options.multipartThresholdMb': '0.5',
		});
		expect(uploading.read(source)).toEqual({
			checksum: 'SHA256',
			partSize: 5 * 1024 * 1024,
			multipartThreshold: 512 * 1024,
		});
	});

	it('an upload is left to the connection without options', () => {
		expect(uploading.read(sourceOf({}))).toEqual({});
	});

	it.each([
		['options.partSizeMb', 0],
		['options.partSizeMb', 5121],
		['options.multipartThresholdMb', 5121],
	])('an upload is refused with %s %d', (name, value) => {
		expect(() => uploading.read(sourceOf({ [name]: value }))).toThrow(/ to 5,120, but is /);
	});

	it.each<[string, INodeParameters, string[]]>([
		['binary', {}, ['checksum', 'multipartThresholdMb', 'partSizeMb']],
		['text', {}, ['checksum']],
		['text', { partSizeMb: 5 }, ['checksum', 'partSizeMb']],
	])('with the source %s and the options %j the form has %j', (source, options, names) => {
		const shown = uploading.fields.filter(
			(field) =>
				field.type !== 'hidden' &&
				NodeHelpers.displayParameter(options, field, null, null, { source, options }),
		);
		expect(shown.map(({ name }) => name)).toEqual(names);
	});

	it('the threshold of an upload may be 0, with which every file is uploaded in parts', () => {
		expect(uploading.read(sourceOf({ 'options.multipartThresholdMb': 0 }))).toEqual({
			multipartThreshold: 0,
		});
	});
});

it('the sizes of a copy in parts are read in MiB', () => {
	const source = sourceOf({ 'options.partSizeMb': 5, 'options.multipartThresholdMb': 100 });
	expect(copyParts.read(source)).toEqual({
		partSize: 5 * 1024 * 1024,
		multipartThreshold: 100 * 1024 * 1024,
	});
	expect(copyParts.read(sourceOf({}))).toEqual({});
});
