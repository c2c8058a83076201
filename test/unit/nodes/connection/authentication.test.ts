import { AmazonS3 } from '../../../../nodes/AmazonS3/AmazonS3.node';
import { authenticationField, credentialTypeOf } from '../../../../nodes/connection/authentication';

describe('the credential type of an authentication', () => {
	it.each([
		['accessKeys', 'amazonS3AccessKeysApi', 'amazonS3TargetAccessKeysApi'],
		['basicAuth', 'amazonS3BasicAuthApi', 'amazonS3TargetBasicAuthApi'],
		['rolesAnywhere', 'amazonS3RolesAnywhereApi', 'amazonS3TargetRolesAnywhereApi'],
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
		const offered = authenticationField.options?.map((option) =>
			'value' in option ? credentialTypeOf(option.value, 'source').name : undefined,
		);
		expect(offered).toEqual(taken);
	});
});
