import fc from 'fast-check';

// Each run has a new seed and as many examples as the time allows. A failure prints its seed (see CONTRIBUTING.md).
fc.configureGlobal({ interruptAfterTimeLimit: 5000, markInterruptAsFailure: false });
