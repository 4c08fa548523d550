package reply_test

import (
	"testing"

	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// A question whose answer is known has a topic; one that only sounds like it has none.
func TestTopicsOfQuestions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]reply.Topic{
		"do I get a courtesy car?": reply.TopicStay, "有代步车吗": reply.TopicStay, "can I wait while you do it": reply.TopicStay,
		"is this a scam": reply.TopicSource, "how do you even know my pads are worn": reply.TopicSource,
		"你们怎么知道我刹车片磨了": reply.TopicSource, "which car is this about?": reply.TopicSource,
		"how long does it take": reply.TopicLasts, "你们几点开门": reply.TopicHours,
		"who gave you my number": "", "is there wifi while I wait": "", "can I bring my dog": "", "有地方让小孩写作业吗": "",
		"are you tracking my car": "", "can my son drop it off": "", "你们怎么知道我电话的": "",
	} {
		if got := reply.Read(text, corpus.Offer()); got.Topic != want || want != "" && (got.Kind != reply.Question || got.Doubt) {
			t.Errorf("%q: %q of %s, doubt %v, want %q", text, got.Topic, got.Kind, got.Doubt, want)
		}
	}
	booked := corpus.Offer()
	booked.Booked = true
	for _, text := range []string{"what time was I booked for again", "我约的几点来着"} {
		if got := reply.Read(text, booked); got.Topic != reply.TopicVisit {
			t.Errorf("%q: %q of %s", text, got.Topic, got.Kind)
		}
		if got := reply.Read(text, corpus.Offer()); got.Topic == reply.TopicVisit {
			t.Errorf("%q asks for a visit, and there is none", text)
		}
	}
}

// Who asks how to find us is told; who speaks of a place in another way is not.
func TestAskingForThePlace(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"which bus goes to yours", "how do i get to you from the train station", "is there somewhere to park", "你们在哪条路上", "好停车吗",
	} {
		if got := reply.Read(text, corpus.Offer()); got.Kind != reply.Where || got.Doubt {
			t.Errorf("%q: %s, doubt %v", text, got.Kind, got.Doubt)
		}
	}
	for _, text := range []string{"where did you get my number", "问题在哪", "the parking brake is stuck", "where is my invoice"} {
		if got := reply.Read(text, corpus.Offer()); got.Kind == reply.Where && !got.Doubt {
			t.Errorf("%q is taken for where", text)
		}
	}
}
