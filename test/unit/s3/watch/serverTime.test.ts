import { serverSeconds } from '../../../../s3/watch/serverTime';

it('the time of the server is in whole seconds', () => {
	expect(serverSeconds(5999, 'b')).toBe(5);
});

it.each([undefined, NaN])('a server that says %s for its time cannot be watched', (time) => {
	expect(() => serverSeconds(time, 'b')).toThrow(/bucket “b”: the server does not say what time/);
});
