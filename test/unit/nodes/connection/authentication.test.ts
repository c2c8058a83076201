import { AmazonS3 } from '../../../../nodes/AmazonS3/AmazonS3.node';
import { AmazonS3Trigger } from '../../../../nodes/AmazonS3Trigger/AmazonS3Trigger.node';
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

	it('the trigger takes the credential type of each authentication that can be chosen, and shows it for that alone', () => {
		const taken = new AmazonS3Trigger().description.credentials?.map(
			({ name, testedBy, displayOptions }) => ({ name, testedBy, displayOptions }),
		);
		const offered = authenticationField.options?.map((option) => {
			const value = 'value' in option ? option.value : undefined;
			return {
				name: credentialTypeOf(value, 'source').name,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: [value] } },
			};
		});
		expect(taken).toEqual(offered);
	});

	it('the types of both slots have the fields that their connection is read from', () => {
		for (const slot of ['source', 'target'] as const) {
			const { name, fieldsOf } = credentialTypeOf('basicAuth', slot);
			expect(fieldsOfType(name)).toBe(fieldsOf);
		}
	});
});
