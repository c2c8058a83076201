import { AmazonS3 } from '../../../../nodes/AmazonS3/AmazonS3.node';
import {
	authenticationField,
	credentialTypeOf,
	fieldsOfType,
} from '../../../../nodes/connection/authentication';

describe('the credential type of an authentication', () => {
	it.each([
		['accessKeys', 'amazonS3AccessKeysApi', 'amazonS3TargetAccessKeysApi'],
		['basicAuth', 'amazonS3BasicAuthApi', 'amazonS3TargetBasicAuthApi'],
		['rolesAnywhere', 'amazonS3RolesAnywhereApi', 'amazonS3TargetRolesAnywhereApi'],
		['ambient', 'amazonS3AmbientApi', 'amazonS3TargetAmbientApi'],
		[undefined, 'amazonS3AccessKeysApi', 'amazonS3TargetAccessKeysApi'],
		['constructor', 'amazonS3AccessKeysApi', 'amazonS3TargetAccessKeysApi'],
	])(
		'the authentication %p has a credential type of its own for the second connection, with the same fields',
		(given, source, target) => {
			expect(credentialTypeOf(given, 'source')).toEqual({ name: source, fieldsOf: source });
			expect(credentialTypeOf(given, 'target')).toEqual({ name: target, fieldsOf: source });
		},
	);

	it('the node takes the credential type of each authentication that can be chosen', () => {
		const taken = new AmazonS3().description.credentials?.map(({ name }) => name);
		const offered = (['source', 'target'] as const).flatMap((slot) =>
			authenticationField.options?.map((option) =>
				'value' in option ? credentialTypeOf(option.value, slot).name : undefined,
			),
		);
		expect(offered).toEqual(taken);
	});

	it('the types of both slots have the fields that their connection is read from', () => {
		for (const slot of ['source', 'target'] as const) {
			const { name, fieldsOf } = credentialTypeOf('basicAuth', slot);
			expect(fieldsOfType(name)).toBe(fieldsOf);
		}
	});
});
