package presage_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// A reason is found through wraps and joins, and changes neither text nor kind; whole
// tells that nothing is left without one.
func TestRefusals(t *testing.T) {
	t.Parallel()
	who := presage.Refuse(fmt.Errorf("who: %w", presage.ErrInvalid), presage.WhyWhoMissing)
	left := presage.Refuse(fmt.Errorf("pieces: %w", presage.ErrConflict), presage.WhyPiecesLeft, "left", "7")
	both := fmt.Errorf("order po-1: %w", errors.Join(who, fmt.Errorf("line 1: %w", left)))
	if both.Error() != "order po-1: who: invalid\nline 1: pieces: conflict" ||
		!errors.Is(both, presage.ErrInvalid) || !errors.Is(both, presage.ErrConflict) {
		t.Errorf("the error became %q", both)
	}
	for name, c := range map[string]struct {
		err   error
		codes []string
		whole bool
	}{
		"two joined":        {both, []string{presage.WhyWhoMissing, presage.WhyPiecesLeft}, true},
		"one has no reason": {errors.Join(who, presage.ErrInvalid), []string{presage.WhyWhoMissing}, false},
		"the outer speaks":  {presage.Refuse(who, presage.WhyBlockTimes), []string{presage.WhyBlockTimes}, true},
		"of a field":        {presage.AtField("roles[2]", presage.ErrInvalid), []string{presage.WhyFieldWrong}, true},
		"none":              {fmt.Errorf("order: %w", presage.ErrNotFound), nil, false},
		"no error":          {nil, nil, false},
	} {
		all, whole := presage.Refusals(c.err)
		var codes []string
		for _, r := range all {
			codes = append(codes, r.Code)
		}
		if diff := cmp.Diff(c.codes, codes); diff != "" || whole != c.whole {
			t.Errorf("%s: whole %v\n%s", name, whole, diff)
		}
	}
}

// Every field that a person's form may have wrong says what it takes, in its own words.
func TestFormsNameTheirFields(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for name, err := range map[string]error{
		"account":  presage.Account{ID: "a b", Name: "manager", Roles: []presage.Role{"king"}, Lang: "fr"}.Validate(),
		"adviser":  presage.Adviser{Skills: []string{"?"}, Zone: "Nowhere", FromHour: 30}.Validate(),
		"case":     presage.CaseAction{Kind: "dance", Percent: 300, Owner: presage.OwnerOutreach}.Validate(now),
		"message":  presage.PersonalMessage{}.Validate(),
		"talk":     presage.TalkAction{Kind: "sing", Until: now}.Validate(now),
		"rescue":   presage.RescueStep{Minutes: -1}.Validate(),
		"survey":   presage.Survey{CSAT: 9, NPS: 99, Line: "\x00"}.Check(),
		"override": presage.DemandOverride{Mean: -1}.Validate(presage.DayOf(now)),
		"channels": errors.Join(presage.CheckPreferred([]presage.ChannelName{"owl"})...),
		"author":   presage.CheckAuthor("", "\x00"),
		"article":  presage.Article{Lang: "fr"}.Validate(),
	} {
		all, whole := presage.Refusals(err)
		if !whole {
			t.Errorf("%s: a fault has no reason: %v", name, err)
		}
		for _, why := range all {
			if why.Code != presage.WhyFieldWrong || why.Args["field"] == "" {
				t.Errorf("%s: %v", name, why)
			}
		}
	}
}
