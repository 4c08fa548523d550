package talk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/duty"
)

// Roster keeps who answers customers.
type Roster interface {
	// Advisers lists all by ID.
	Advisers(ctx context.Context) ([]presage.Adviser, error)
	// AdviserLoads tells by name what each has, and was given since.
	AdviserLoads(ctx context.Context, since time.Time) (map[string]presage.AdviserLoad, error)
	Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error)
}

// hand is one round of giving out what waits: what is given counts at once.
type hand struct {
	advisers []presage.Adviser
	loads    map[string]presage.AdviserLoad
	owners   map[string]string // of the conversations that wait, by case
}

// Assign gives what waits and is nobody's, or whose adviser is absent, to advisers on
// duty, and returns how much. What a person has given to somebody stays there until that
// one is absent; what the manager has stays there.
func (s *Switchboard) Assign(ctx context.Context) (int, error) {
	h := hand{owners: map[string]string{}}
	var err error
	if h.advisers, err = s.Store.Advisers(ctx); err != nil || len(h.advisers) == 0 {
		return 0, err
	}
	if h.loads, err = s.Store.AdviserLoads(ctx, s.Now().Add(-24*time.Hour)); err != nil {
		return 0, err
	}
	talks, errTalks := s.assignTalks(ctx, h)
	cases, errCases := s.assignCases(ctx, h)
	return talks + cases, errors.Join(errTalks, errCases)
}

// free tells whether something has no owner who works on it.
func (h hand) free(owner string, now time.Time) bool {
	return owner == "" || owner == presage.OwnerAdviser || slices.ContainsFunc(h.advisers, func(a presage.Adviser) bool {
		return a.Name == owner && a.Absent(now)
	})
}

// deal chooses who has something from now on.
func (h hand) deal(n duty.Need, now time.Time) (string, presage.Reason, bool) {
	a, why, ok := duty.Pick(h.advisers, h.loads, n, now)
	if ok {
		l := h.loads[a.Name]
		h.loads[a.Name] = presage.AdviserLoad{Open: l.Open + 1, Lately: l.Lately + 1}
	}
	return a.Name, why, ok
}

func (s *Switchboard) assignTalks(ctx context.Context, h hand) (int, error) {
	open, err := s.Store.Conversations(ctx, presage.ConversationFilter{
		State: presage.ConversationOpen, Limit: sweepBatch,
	})
	if err != nil {
		return 0, fmt.Errorf("conversations to assign: %w", err)
	}
	given := 0
	for _, c := range open {
		if c.CaseID != "" {
			h.owners[c.CaseID] = c.Owner
		}
		if !h.free(c.Owner, s.Now()) {
			continue
		}
		x, err := s.caseOf(ctx, c)
		if err != nil {
			return given, err
		}
		owner, why, ok := h.deal(s.need(x, c.Lang), s.Now())
		if !ok {
			continue
		}
		err = s.change(ctx, c.CustomerID, func(c *presage.Conversation) (bool, error) {
			if c.State != presage.ConversationOpen || !h.free(c.Owner, s.Now()) {
				return false, nil // somebody was faster
			}
			c.Owner, c.Assigned = owner, why
			return true, nil
		})
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return given, err
		}
		given++
		if c.CaseID != "" {
			h.owners[c.CaseID] = owner
		}
	}
	return given, nil
}

// assignCases gives out the cases that messages could not settle; one whose customer
// waits for somebody goes to the same person.
func (s *Switchboard) assignCases(ctx context.Context, h hand) (int, error) {
	var waiting []presage.Case
	for _, owner := range append([]string{presage.OwnerAdviser}, h.absent(s.Now())...) {
		cases, err := s.Store.Cases(ctx, presage.CaseFilter{
			State: presage.CaseEscalated, Owner: owner, Limit: sweepBatch,
		})
		if err != nil {
			return 0, fmt.Errorf("cases to assign: %w", err)
		}
		waiting = append(waiting, cases...)
	}
	slices.SortStableFunc(waiting, func(a, b presage.Case) int { return a.DueAt.Compare(b.DueAt) })
	given := 0
	for _, x := range waiting {
		customer, err := s.Store.Customer(ctx, x.CustomerID)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return given, err
		}
		n := s.need(x, customer.Lang)
		n.Prefer = h.owners[x.ID]
		owner, why, ok := h.deal(n, s.Now())
		if !ok {
			continue
		}
		switch err := s.Cases.Allot(ctx, x.ID, owner, why); {
		case casework.Overtaken(err): // it moved while we looked
		case err != nil:
			return given, err
		default:
			given++
		}
	}
	return given, nil
}

func (h hand) absent(now time.Time) []string {
	var names []string
	for _, a := range h.advisers {
		if a.Absent(now) {
			names = append(names, a.Name)
		}
	}
	return names
}

// need is what it takes to answer about a case, which may be none.
func (s *Switchboard) need(x presage.Case, lang presage.Lang) duty.Need {
	n := duty.Need{WorkshopID: x.WorkshopID, Lang: lang}
	if n.Lang != presage.Chinese {
		n.Lang = presage.English
	}
	if x.Severity == presage.Safety {
		n.Skills = append(n.Skills, presage.SkillSafety)
	}
	for _, id := range x.Components {
		component, err := s.Catalogue.Component(id)
		if err != nil {
			continue
		}
		job, err := s.Catalogue.Job(component.JobCode)
		if err == nil && job.Skill != "" && !slices.Contains(n.Skills, job.Skill) {
			n.Skills = append(n.Skills, job.Skill)
		}
	}
	return n
}
