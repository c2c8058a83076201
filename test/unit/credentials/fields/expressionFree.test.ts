import { NodeHelpers, safeRegex } from 'n8n-workflow';
import type { ICredentialType, INodeParameters } from 'n8n-workflow';

import { AmazonS3AccessKeysApi } from '../../../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3AmbientApi } from '../../../../credentials/AmazonS3AmbientApi.credentials';
import { AmazonS3BasicAuthApi } from '../../../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../../../credentials/AmazonS3RolesAnywhereApi.credentials';
import { isExpressionIn, isSameForAllItems } from '../../../../credentials/fields/expressionFree';

const types = [
	new AmazonS3AccessKeysApi(),
	new AmazonS3AmbientApi(),
	new AmazonS3BasicAuthApi(),
	new AmazonS3RolesAnywhereApi(),
].map((type): [string, ICredentialType] => [type.name, type]);

/** Those that people enter, and that can be expressions. */
const shownFields = ({ properties }: ICredentialType) =>
	properties.filter(
		({ type, noDataExpression }) =>
			type !== 'hidden' && type !== 'notice' && noDataExpression !== true,
	);

/** A stored credential after n8n has decided which fields are hidden. */
const handedOver = ({ properties }: ICredentialType, stored: INodeParameters) =>
	NodeHelpers.getNodeParameters(properties, stored, true, false, null, null) ?? {};

/** Whether a stored credential is the same for all items. */
const isSame = (type: ICredentialType, stored: INodeParameters): boolean =>
	isSameForAllItems(handedOver(type, stored));

/** A credential with a value in every field. */
function filled(type: ICredentialType, text: string, other: number | boolean): INodeParameters {
	return Object.fromEntries(
		shownFields(type).map((field) => [field.name, field.type === 'string' ? text : other]),
	);
}

it.each(types)('%s is the same for all items if it is empty or has "=" inside', (_name, type) => {
	expect(isSame(type, {})).toBe(true);
	expect(isSame(type, filled(type, 'a=b==', true))).toBe(true);
});

it.each(types)(
	'%s is the same for all items with text that is nearly an expression',
	(_name, type) => {
		for (const text of ['', '<', '<=', '>=', '>a', ' =', '"=', '~', '😀', 'ÿ']) {
			expect(isSame(type, filled(type, text, 5))).toBe(true);
		}
	},
);

it.each(types)(
	'%s needs no regular expression, which n8n stops on a busy machine',
	(_name, type) => {
		const regex = jest.spyOn(safeRegex, 'test');
		isSame(type, { region: 'us-east-1' });
		expect(regex).not.toHaveBeenCalled();
	},
);

const fieldsOfTypes = types.flatMap(([typeName, type]) =>
	shownFields(type).map(({ name }): [string, string, ICredentialType] => [typeName, name, type]),
);

it.each(fieldsOfTypes)('%s may differ if its field %s is an expression', (_type, name, type) => {
	expect(isSame(type, { [name]: '={{ $json.x }}' })).toBe(false);
	expect(isSame(type, { [name]: '={{ $json.x }}', sameForAllItems: true })).toBe(false);
	expect(isSame(type, { [name]: '=\nline {{ $json.x }}' })).toBe(false);
	expect(isSame(type, { [name]: '=' })).toBe(false);
	expect(isSame(type, { [name]: '=\uffff{{ $json.x }}' })).toBe(false);
});

it('a credential of which n8n does not say that it is the same for all items may differ', () => {
	expect(isSameForAllItems({})).toBe(false);
	expect(isSameForAllItems({ sameForAllItems: '={{ true }}' })).toBe(false);
});

it.each(types)('%s tells whether one of its endpoints is an expression', (_name, type) => {
	for (const name of ['endpoint', 'publicEndpoint']) {
		const isExpression = (text?: string) =>
			isExpressionIn(handedOver(type, text === undefined ? {} : { [name]: text }), name);
		for (const text of [
			undefined,
			'',
			' ',
			'https://a.example',
			' ={{ 1 }}',
			'{{ 1 }}',
			'\uffff',
		]) {
			expect([text, isExpression(text)]).toEqual([text, false]);
		}
		for (const text of ['={{ $json.x }}', '=\nline', '=https://{{ $json.x }}', '=\uffff']) {
			expect([text, isExpression(text)]).toEqual([text, true]);
		}
	}
});
