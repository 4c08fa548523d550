package wording_test

import (
	"testing"

	"presage/internal/wording"
	"presage/outreach/reply"
)

// Whatever is sent and however a reply is understood, the console has a word for
// it in both languages.
func TestKindsAndMeaningsHaveLabels(t *testing.T) {
	t.Parallel()
	book, err := wording.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range wording.Kinds() {
		if !book.Has("kind." + string(k)) {
			t.Errorf("kind.%s has no label", k)
		}
	}
	for _, m := range []reply.Kind{
		reply.Slot, reply.Yes, reply.No, reply.Reschedule, reply.Later, reply.Cancel, reply.Stop, reply.Help, reply.Start,
		reply.Price, reply.Where, reply.Danger, reply.Question, reply.Done, reply.Sold, reply.WrongPerson, reply.Complaint,
		reply.Broken, reply.Gibberish, reply.Thanks, reply.Reaction, reply.Automatic,
	} {
		if !book.Has("meaning." + string(m)) {
			t.Errorf("meaning.%s has no label", m)
		}
	}
}
