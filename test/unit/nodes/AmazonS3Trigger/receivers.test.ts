import {
	beginReceiving,
	endReceiving,
	isReceiving,
} from '../../../../nodes/AmazonS3Trigger/receivers';

const end = () => jest.fn(() => Promise.resolve());
const calls = (...ends: jest.Mock[]) => ends.map(({ mock }) => mock.calls.length);

it('a trigger has one receiver: another one ends that before, and the end is that of the last', async () => {
	const [first, second] = [end(), end()];
	beginReceiving('a', first);
	beginReceiving('a', second);
	expect(calls(first, second)).toEqual([1, 0]);
	expect(isReceiving('a')).toBe(true);
	await endReceiving('a');
	await endReceiving('a');
	expect(calls(first, second)).toEqual([1, 1]);
	expect(isReceiving('a')).toBe(false);
});

it('the receivers of two triggers do not end each other', async () => {
	const [one, other] = [end(), end()];
	beginReceiving('one', one);
	beginReceiving('other', other);
	await endReceiving('one');
	expect(calls(one, other)).toEqual([1, 0]);
	await endReceiving('other');
});
