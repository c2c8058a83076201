import { NodeHelpers, safeRegex } from 'n8n-workflow';
import type { ICredentialType, INodeParameters } from 'n8n-workflow';

import { AmazonS3AccessKeysApi } from '../../../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3BasicAuthApi } from '../../../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../../../credentials/AmazonS3RolesAnywhereApi.credentials';
import { isSameForAllItems } from '../../../../credentials/fields/expressionFree';

const types = [
	new AmazonS3AccessKeysApi(),
	new AmazonS3BasicAuthApi(),
	new AmazonS3RolesAnywhereApi(),
];

/** Whether a stored credential is the same for all items, by what n8n makes of it before expressions. */
function isSame({ properties }: ICredentialType, stored: INodeParameters): boolean {
	const fields = NodeHelpers.getNodeParameters(properties, stored, true, false, null, null);
	return isSameForAllItems(fields ?? {});
}

describe.each(types.map((type) => [type.name, type] as const))('%s', (_name, type) => {
	const own = type.properties.filter(({ type: kind }) => kind !== 'hidden');

	it('is the same for all items as it is, with every field filled in, and with "=" inside', () => {
		expect(isSame(type, {})).toBe(true);
		const filled = own.map((field) => [field.name, field.type === 'string' ? 'a=b==' : true]);
		expect(isSame(type, Object.fromEntries(filled) as INodeParameters)).toBe(true);
	});

	it('is so with any text that only looks a little like an expression', () => {
		for (const text of ['', '<', '<=', '>=', '>a', ' =', '"=', '~', '😀', 'ÿ']) {
			const filled = own.map(({ name, type: kind }) => [name, kind === 'string' ? text : 5]);
			expect(isSame(type, Object.fromEntries(filled) as INodeParameters)).toBe(true);
		}
	});

	it('is found out without a regular expression, which n8n breaks off on a busy machine', () => {
		const regex = jest.spyOn(safeRegex, 'test');
		isSame(type, { region: 'us-east-1' });
		expect(regex).not.toHaveBeenCalled();
	});

	it.each(own.map(({ name }) => name))('may differ where %s is an expression', (name) => {
		expect(isSame(type, { [name]: '={{ $json.x }}' })).toBe(false);
		expect(isSame(type, { [name]: '={{ $json.x }}', sameForAllItems: true })).toBe(false);
		expect(isSame(type, { [name]: '=\nline {{ $json.x }}' })).toBe(false);
		expect(isSame(type, { [name]: '=' })).toBe(false);
		expect(isSame(type, { [name]: '=\uffff{{ $json.x }}' })).toBe(false);
	});
});

it('may differ where n8n says nothing about it', () => {
	expect(isSameForAllItems({})).toBe(false);
	expect(isSameForAllItems({ sameForAllItems: '={{ true }}' })).toBe(false);
});
