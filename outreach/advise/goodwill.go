package advise

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/visit"
)

// goodwill lets a customer off a share of the price, as far as the policy allows.
func (a *Adviser) goodwill(ctx context.Context, f visit.CaseFile, x presage.CaseAction) error {
	if most := a.Rules().GoodwillMost; x.Percent > most {
		return fmt.Errorf("percent: %w: the policy (goodwill.max_percent) allows %d at most", presage.ErrInvalid, most)
	}
	if f.Case.State.Ended() {
		return fmt.Errorf("%w: the case is %s: there is no price any more", presage.ErrConflict, f.Case.State)
	}
	who := strings.TrimSpace(x.Who)
	g := presage.Goodwill{Percent: x.Percent, Why: casework.Clip(strings.TrimSpace(x.Note)), By: who, At: a.Now()}
	why := presage.Because(presage.WhyGoodwill, "percent", strconv.Itoa(x.Percent))
	return a.amend(ctx, f.Case, presage.CaseChange{Goodwill: &g}, a.note(x, why))
}
