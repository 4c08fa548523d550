package reply

import (
	_ "embed" // replies.model
	"sync"

	"presage/outreach/reply/learn"
)

//go:generate go run presage/cmd/presage outreach understand --train replies.model

//go:embed replies.model
var trained []byte

// Model reads a text in two ways that err in different places: by what the rules and
// the words of words.txt show, and by its letters alone.
type Model struct{ shown, letters *learn.Model }

// Bytes is the stored form: one way behind the other.
func (m *Model) Bytes() []byte { return append(m.shown.Bytes(), m.letters.Bytes()...) }

// load reads the stored form.
func load(b []byte) (*Model, error) {
	half := len(b) / 2
	shown, err := learn.Load(b[:half], len(kinds()))
	if err != nil {
		return nil, err
	}
	letters, err := learn.Load(b[half:], len(kinds()))
	if err != nil {
		return nil, err
	}
	return &Model{shown, letters}, nil
}

// reader has the model of this build. It is loaded once: 2.8 MB, in a few
// milliseconds. It was trained beforehand, because training takes seconds, and
// a test trains it again and compares every byte.
//
//nolint:gochecknoglobals // as fixed as the code
var reader = sync.OnceValue(func() *Reader {
	m, err := load(trained)
	if err != nil {
		return NewReader(nil, nil) // rules alone; the test of the model fails
	}
	return NewReader(m, Shipped())
})

// Read reads a reply by the rules and the model of this build.
func Read(text string, x Context) Meaning { return reader().Read(text, x) }
