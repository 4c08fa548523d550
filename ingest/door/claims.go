package door

import (
	"context"
	"crypto/rand"
	"errors"
	"hash/maphash"
	"sync"
	"time"

	"presage"
)

// Claims tell several doors on one database which of them serves whose session.
// *sqlstore.Store is one.
type Claims interface {
	// ClaimSession numbers a claim above all earlier ones of the session. moved:
	// another node served it. ErrForbidden: there by a client that has proven who
	// it is, which this one has not.
	ClaimSession(ctx context.Context, c presage.MQTTClaim) (number int64, moved bool, err error)
	// ReleaseSession ends the claim with this number alone.
	ReleaseSession(ctx context.Context, account, clientID string, number int64) error
	// LostSessions tells once what other nodes have claimed.
	LostSessions(ctx context.Context, node string) ([]presage.MQTTLoss, error)
	// KeepNode notes that the node lives; anew when its claims had been given up.
	KeepNode(ctx context.Context, node string, now time.Time) (anew bool, err error)
	// ForgetNodes gives up the claims of nodes that were silent since a time.
	ForgetNodes(ctx context.Context, before time.Time) error
	// LeaveNode gives up the node's own.
	LeaveNode(ctx context.Context, node string) error
}

const (
	lostEvery   = time.Second      // how long a client may stand at two doors
	keptEvery   = 15 * time.Second // a node that lives says so
	silentNode  = 2 * time.Minute  // one that has not is given up
	claimedOnce = 1000             // claims made up for in one go
)

// claims is a door's part in what several doors share.
type claims struct {
	store Claims // nil for a door that is alone
	node  string
	// One client's claim and its registration are one step: two of its
	// connections at once end in the order of their numbers.
	steps [64]sync.Mutex
	seed  maphash.Seed
	kept  time.Time // when the node last said that it lives, of lookForLost
	known bool      // it has said so before
}

func newClaims(store Claims) claims {
	return claims{store: store, node: rand.Text(), seed: maphash.MakeSeed()}
}

// step locks one client's claims.
func (c *claims) step(account, clientID string) (unlock func()) {
	m := &c.steps[maphash.String(c.seed, account+"\x00"+clientID)%uint64(len(c.steps))]
	m.Lock()
	return m.Unlock
}

// shared tells whether other doors may serve the user: the service and anonymous
// clients are each door's own.
func (c *claims) shared(u user) bool { return c.store != nil && !u.service && u.key() != "" }

// claim makes this door the one that serves the client's session. A store that
// does not answer lets the client in all the same; its claim is made up for.
func (s *Server) claim(ctx context.Context, u user, clientID string, clean bool) (number int64, moved bool, err error) {
	if !s.claims.shared(u) {
		return 0, false, nil
	}
	number, moved, err = s.claims.store.ClaimSession(ctx, presage.MQTTClaim{
		Account: u.key(), ClientID: clientID, Node: s.claims.node, Proven: u.proven, Clean: clean, At: wall(),
	})
	if errors.Is(err, presage.ErrForbidden) {
		return 0, false, forbidden(err)
	}
	if err != nil {
		s.warn("a session cannot be claimed: until it is, its client may stand at another door too", "error", err)
	}
	return number, moved, nil
}

// lookForLost cuts off the clients that have gone to other doors, and says that
// this one lives.
func (s *Server) lookForLost(ctx context.Context) {
	err := s.keepNode(ctx)
	lost, lostErr := s.claims.store.LostSessions(ctx, s.claims.node)
	for _, l := range lost {
		if c := s.registry.lose(l); c != nil {
			c.end(&protocolError{reasonTakenOver, "another door took the session over"})
		}
	}
	err = errors.Join(err, lostErr, s.releaseDropped(ctx))
	if err == nil {
		err = s.makeUp(ctx)
	}
	if err != nil && ctx.Err() == nil {
		s.warn("what other doors have taken over cannot be read", "error", err)
	}
}

// keepNode says that the door lives. One that others have given up, because it
// stood still, knows nothing of its sessions any more: its clients come again.
func (s *Server) keepNode(ctx context.Context) error {
	now := wall()
	if now.Sub(s.claims.kept) < keptEvery {
		return nil
	}
	anew, err := s.claims.store.KeepNode(ctx, s.claims.node, now)
	if err != nil {
		return err
	}
	if anew && s.claims.known {
		for _, c := range s.registry.loseAll() {
			c.end(&protocolError{reasonTakenOver, "the door stood still and other doors have given it up"})
		}
	}
	s.claims.kept, s.claims.known = now, true
	return s.claims.store.ForgetNodes(ctx, now.Add(-silentNode))
}

// releaseDropped ends the claims of sessions that are over.
func (s *Server) releaseDropped(ctx context.Context) error {
	for one := s.registry.nextDropped(); one != nil; one = s.registry.nextDropped() {
		err := s.claims.store.ReleaseSession(ctx, one.user.key(), one.clientID, one.claim)
		if err != nil {
			s.registry.dropAgain(one)
			return err
		}
	}
	return nil
}

// makeUp claims the sessions of clients that were let in while the store did not
// answer.
func (s *Server) makeUp(ctx context.Context) error {
	for _, one := range s.registry.unclaimed(s.claims.shared) {
		if err := s.makeUpFor(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) makeUpFor(ctx context.Context, one *session) error {
	defer s.claims.step(one.user.key(), one.clientID)()
	if !s.registry.lacksClaim(one) {
		return nil
	}
	number, _, err := s.claims.store.ClaimSession(ctx, presage.MQTTClaim{
		Account: one.user.key(), ClientID: one.clientID, Node: s.claims.node, Proven: one.user.proven, At: wall(),
	})
	if errors.Is(err, presage.ErrForbidden) { // it must not stand here beside the other
		if c := s.registry.lose(presage.MQTTLoss{Account: one.user.key(), ClientID: one.clientID, Number: 1}); c != nil {
			c.end(&protocolError{reasonTakenOver, "another door serves the session"})
		}
		return nil
	}
	s.registry.claimed(one, number)
	return err
}

// lose forgets a session that another door has claimed and returns the connection
// that it had. Its will that waits is void when the client went on with it there.
func (r *registry) lose(l presage.MQTTLoss) *conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.owners[l.Account][l.ClientID]
	if one == nil || one.claim >= l.Number {
		return nil
	}
	return r.giveUp(one, l.Clean)
}

// giveUp forgets a session that goes on, or began anew, at another door; the
// lock is held.
func (r *registry) giveUp(one *session, clean bool) *conn {
	c := one.conn
	if c == nil {
		r.away--
	} else {
		c.leaving = true
	}
	one.endWill(clean)
	one.elsewhere = !clean
	one.claim = -1 // over: there is nothing to release, and nothing more is written
	r.drop(one)
	return c
}

// loseAll gives up every session that is claimed and returns their connections.
func (r *registry) loseAll() (cut []*conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sessions := range r.owners {
		for _, one := range sessions {
			if one.claim <= 0 {
				continue
			}
			if c := r.giveUp(one, false); c != nil {
				cut = append(cut, c)
			}
		}
	}
	return cut
}

// unclaimed are connected sessions that have no claim and should have one.
func (r *registry) unclaimed(shared func(user) bool) (out []*session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.claimless == 0 {
		return nil
	}
	r.claimless = 0
	for _, sessions := range r.owners {
		for _, one := range sessions {
			if one.conn == nil || one.claim > 0 || !shared(one.user) {
				continue
			}
			r.claimless++
			if len(out) < claimedOnce {
				out = append(out, one)
			}
		}
	}
	return out
}

func (r *registry) lacksClaim(one *session) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return one.conn != nil && one.claim == 0 && r.owners[one.user.key()][one.clientID] == one
}

func (r *registry) claimOf(one *session) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return one.claim
}

func (r *registry) claimed(one *session, number int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one.claim = number
}

// nextDropped takes one of the sessions that are over and hold a claim.
func (r *registry) nextDropped() *session {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.dropped) == 0 {
		return nil
	}
	one := r.dropped[len(r.dropped)-1]
	r.dropped = r.dropped[:len(r.dropped)-1]
	return one
}

func (r *registry) dropAgain(one *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dropped = append(r.dropped, one)
}
