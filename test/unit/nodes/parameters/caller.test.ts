import { caller } from '../../../../nodes/parameters/caller';
import { sourceOf } from './sourceOf';

describe('the caller', () => {
	it('the caller is read from both options', () => {
		const source = sourceOf({
			'options.requestPayer': 'true',
			'options.expectedBucketOwner': ' 111122223333 ',
		});
		expect(caller.read(source)).toEqual({
			requestPayer: true,
			expectedBucketOwner: '111122223333',
		});
	});

	it('the caller pays for nothing and expects no owner without options', () => {
		expect(caller.read(sourceOf({}))).toEqual({
			requestPayer: false,
			expectedBucketOwner: undefined,
		});
	});
});
