package reply

import (
	_ "embed" // replies.model
	"sync"

	"presage/outreach/reply/learn"
)

//go:generate go run presage/cmd/presage outreach understand --train replies.model

//go:embed replies.model
var trained []byte

// reader has the model of this build. It is loaded once: 1.4 MB, in a few
// milliseconds. It was trained beforehand, because training takes seconds, and
// a test trains it again and compares every byte.
//
//nolint:gochecknoglobals // as fixed as the code
var reader = sync.OnceValue(func() *Reader {
	m, err := learn.Load(trained, len(kinds()))
	if err != nil {
		return NewReader(nil, nil) // rules alone; the test of the model fails
	}
	return NewReader(m, Shipped())
})

// Read reads a reply by the rules and the model of this build.
func Read(text string, x Context) Meaning { return reader().Read(text, x) }
