'use strict';

const diagnosticsChannel = require('node:diagnostics_channel');

const { TestEnvironment } = require('jest-environment-node');

const { subscribe } = diagnosticsChannel;

/**
 * Jest gives tests an `Error` of their own, of which an error from Node itself is no instance; the
 * AWS SDK then wraps a refused connection beyond recognition. Outside of Jest there is one `Error`.
 *
 * What a file of tests leaves in the process ends with the file: intervals, such as one of n8n-core, and subscriptions to
 * Node's channels. Each of them would keep all modules of the file in memory, 20 MB, and go on working in later files.
 */
module.exports = class extends TestEnvironment {
	constructor(...settings) {
		super(...settings);
		const { global } = this;
		Object.assign(global, { Error, TypeError });
		this.ends = [];
		const { setInterval } = global;
		global.setInterval = (...of) => {
			const interval = setInterval(...of);
			this.ends.push(() => clearInterval(interval));
			return interval;
		};
		diagnosticsChannel.subscribe = (name, subscriber) => {
			subscribe(name, subscriber);
			this.ends.push(() => diagnosticsChannel.unsubscribe(name, subscriber));
		};
	}

	async teardown() {
		for (const end of this.ends.splice(0)) end();
		diagnosticsChannel.subscribe = subscribe;
		await super.teardown();
	}
};
