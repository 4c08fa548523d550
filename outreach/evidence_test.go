package outreach_test

import (
	"testing"

	"presage"
	"presage/outreach/converse"
)

// What a person stopped and started by text can be shown: the provider's ID of
// each text stands in the history.
func TestStopAndStartLeaveEvidence(t *testing.T) {
	t.Parallel()
	w, _, _ := offered(t, presage.Battery12V)
	for _, in := range []converse.Inbound{
		{Channel: presage.ChannelSMS, Text: "STOP", ID: "SM1"}, {Channel: presage.ChannelSMS, Text: "START", ID: "SM2"},
	} {
		if _, err := w.s.ReplyFrom(t.Context(), "+8613800000007", in); err != nil {
			t.Fatal(err)
		}
	}
	history, err := w.store.ConsentHistory(t.Context(), customer)
	if err != nil || len(history) < 2 {
		t.Fatalf("%v, %v", history, err)
	}
	if start, stop := history[0], history[1]; start.Evidence != "SM2" || !start.SMS || stop.Evidence != "SM1" || stop.SMS {
		t.Errorf("START %+v, STOP %+v", start, stop)
	}
}
