package daemon

import (
	"bytes"
	"regexp"
	"sync"
)

// outputBytes is how much of a program's output is kept.
const outputBytes = 256 << 10

// Output keeps the end of what a program printed, 256 KiB at the most.
type Output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func newOutput() *Output { return &Output{} }

// Write drops the older half when there is no more room.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if over := o.buf.Len() + len(p) - outputBytes; over > 0 {
		o.buf.Next(max(over, outputBytes/2))
	}
	_, _ = o.buf.Write(p[max(0, len(p)-outputBytes):])
	return len(p), nil
}

// String is what is kept.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// Find returns the first group of the pattern's first match, false if nothing
// printed matches.
func (o *Output) Find(pattern *regexp.Regexp) (string, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if found := pattern.FindSubmatch(o.buf.Bytes()); len(found) > 1 {
		return string(found[1]), true
	}
	return "", false
}
