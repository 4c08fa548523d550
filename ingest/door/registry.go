package door

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	v3 "github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
)

const (
	otherSessions = 1024    // without a connection of each gateway, and of all anonymous clients
	awaySessions  = 100_000 // of all
)

// registry knows who is connected and which sessions wait for their client.
type registry struct {
	mu           sync.Mutex
	cuts         uint64 // how often somebody was cut off
	conns        map[*conn]struct{}
	open         int // connections, identified or not
	addresses    map[netip.Addr]addressCount
	unidentified map[*conn]struct{}             // have not shown who they are
	owners       map[string]map[string]*session // by user, by client ID
	away         int
	claimless    int        // were let in without a claim; at least one when above 0
	dropped      []*session // are over and hold a claim
}

func newRegistry() *registry {
	return &registry{
		conns: map[*conn]struct{}{}, addresses: map[netip.Addr]addressCount{}, unidentified: map[*conn]struct{}{},
		owners: map[string]map[string]*session{},
	}
}

// key is what sessions are kept by.
func (u user) key() string {
	switch {
	case u.gateway != nil:
		return "gateway " + u.gateway.Username
	case u.service:
		return "service"
	}
	return string(u.vin)
}

// addressCount is how many connections an address has.
type addressCount struct{ all, unidentified int }

// countIn counts a connection of an address; false when there are too many. One
// address has at most a quarter of the places for those that have not shown who
// they are, so that it shuts nobody else out.
func (s *Server) countIn(c *conn) bool {
	r := s.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	of := r.addresses[c.from]
	if r.open >= s.cfg.Connections || of.all >= s.cfg.ConnectionsPerAddress ||
		len(r.unidentified) >= maxUnidentified || of.unidentified >= maxUnidentified/4 {
		return false
	}
	r.open++
	of.all++
	of.unidentified++
	r.addresses[c.from] = of
	r.unidentified[c] = struct{}{}
	return true
}

// identified takes a connection off those that have not shown who they are, once.
func (s *Server) identified(c *conn) {
	r := s.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.unidentified[c]; !ok {
		return
	}
	delete(r.unidentified, c)
	of := r.addresses[c.from]
	of.unidentified--
	r.addresses[c.from] = of
}

// countOut ends the counting of a connection.
func (s *Server) countOut(c *conn) {
	s.identified(c)
	r := s.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open--
	of := r.addresses[c.from]
	if of.all--; of.all == 0 {
		delete(r.addresses, c.from)
		return
	}
	r.addresses[c.from] = of
}

// unidentifiedConns are the connections that have not shown who they are.
func (r *registry) unidentifiedConns() []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.unidentified))
}

// epoch changes with every cut: a login that was checked before one and entered
// after it must be checked again.
func (r *registry) epoch() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cuts
}

// register makes c known and gives it its session. Who used the session before is
// cut off, and so is the vehicle's most silent connection beyond its bound; who
// has proven nothing cuts off nobody who has.
func (s *Server) register(ctx context.Context, c *conn, h hello) (present bool, err error) {
	unlock := s.claims.step(c.user.key(), h.clientID)
	number, moved, err := s.claim(ctx, c.user, h.clientID, h.clean)
	if err != nil {
		unlock()
		return false, err
	}
	present, cut, err := s.enter(c, h, number, moved)
	unlock()
	if err != nil {
		return false, err
	}
	for other, reason := range cut {
		other.end(reason)
	}
	switch {
	case h.clean:
		s.forgetSession(ctx, c.session)
	case !present:
		present = s.recallSession(ctx, c.session)
	}
	return present, nil
}

// enter gives c its session. What this door knows of one that moved here is out
// of date.
func (s *Server) enter(
	c *conn, h hello, claim int64, moved bool,
) (present bool, cut map[*conn]*protocolError, err error) {
	r := s.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	sessions := r.owners[c.user.key()]
	old := sessions[h.clientID]
	if cut, err = s.toCutOff(sessions, old, c); err != nil {
		return false, nil, err
	}
	for other := range cut {
		other.leaving = true
	}
	if old != nil && moved {
		r.giveUp(old, h.clean)
		old, sessions = nil, r.owners[c.user.key()]
	}
	one := newSession(c.user, h.clientID, h.expiry)
	if old != nil && !h.clean && old.lifetime() > 0 { // one without a lifetime ends with its connection
		one, present = old, true
		one.extend(h.expiry)
	}
	if old != nil && old.conn == nil {
		r.away--
		old.endWill(!present)
	}
	if sessions == nil {
		sessions = map[string]*session{}
		r.owners[c.user.key()] = sessions
	}
	sessions[h.clientID] = one
	one.claim = claim
	r.join(c, one, s.claims.shared(c.user))
	return present, cut, nil
}

// join makes one the connection's session; the lock is held.
func (r *registry) join(c *conn, one *session, shared bool) {
	one.conn, one.away, c.session = c, time.Time{}, one
	r.conns[c] = struct{}{}
	if one.claim == 0 && shared {
		r.claimless++
	}
}

// toCutOff chooses whom c cuts off.
func (s *Server) toCutOff(sessions map[string]*session, old *session, c *conn) (map[*conn]*protocolError, error) {
	cut := map[*conn]*protocolError{}
	if old != nil && old.conn != nil {
		if !c.mayCutOff(old.conn) {
			return nil, forbidden(errors.New("the session is in use by a client that has proven who it is"))
		}
		cut[old.conn] = &protocolError{reasonTakenOver, "another connection took the session over"}
	}
	if c.user.vin == "" {
		return cut, nil
	}
	connected, silent := c.otherConnections(sessions, cut)
	if connected < s.cfg.ConnectionsPerVehicle {
		return cut, nil
	}
	if silent == nil {
		return nil, refuse(v3.ErrRefusedServerUnavailable, reasonQuota,
			errors.New("the vehicle has as many connections as it may (mqtt.connections_per_vehicle)"))
	}
	cut[silent] = &protocolError{reasonQuota, "the vehicle has too many connections: the most silent one goes"}
	return cut, nil
}

// otherConnections counts those of c's vehicle and finds the most silent
// one of those that c may cut off. One that is on its way out makes room once.
func (c *conn) otherConnections(sessions map[string]*session, cut map[*conn]*protocolError) (n int, silent *conn) {
	for _, one := range sessions {
		other := one.conn
		if other == nil || cut[other] != nil || other.leaving || other.reason.Load() != nil {
			continue
		}
		n++
		if c.mayCutOff(other) && (silent == nil || other.heard.Load() < silent.heard.Load()) {
			silent = other
		}
	}
	return n, silent
}

// mayCutOff tells whether c may take other's place: who has proven nothing cuts
// off nobody who has.
func (c *conn) mayCutOff(other *conn) bool { return c.user.proven || !other.user.proven }

// leave forgets a connection; its session waits for its expiry, which runs from
// now.
func (s *Server) leave(ctx context.Context, c *conn) {
	if s.registry.leave(c) {
		s.keepSession(ctx, c.session)
	}
}

// leave tells whether the session was still the connection's own.
func (r *registry) leave(c *conn) (mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, c)
	one := c.session
	mine = one != nil && one.conn == c && r.owners[one.user.key()][one.clientID] == one
	if mine {
		one.conn, one.away = nil, wall()
		if one.lifetime() == 0 || r.away >= awaySessions {
			r.drop(one)
		} else {
			r.away++
			r.trim(one)
		}
	}
	return mine
}

// drop forgets a session; the lock is held.
func (r *registry) drop(one *session) {
	one.endWill(true)
	if one.claim > 0 {
		r.dropped = append(r.dropped, one)
	}
	key := one.user.key()
	if r.owners[key][one.clientID] == one {
		delete(r.owners[key], one.clientID)
	}
	if len(r.owners[key]) == 0 {
		delete(r.owners, key)
	}
}

// trim keeps a user's waiting sessions within their bound: the one that has
// waited longest goes. The lock is held.
func (r *registry) trim(one *session) {
	most := otherSessions
	if one.user.vin != "" {
		most = presage.MaxMQTTSessions
	}
	waiting, oldest := 0, one
	for _, other := range r.owners[one.user.key()] {
		if other.conn != nil {
			continue
		}
		waiting++
		if other.away.Before(oldest.away) {
			oldest = other
		}
	}
	if waiting > most {
		r.drop(oldest)
		r.away--
	}
}

// sweep drops the sessions whose time has run out and returns those that must
// be written down again so that theirs does not.
func (r *registry) sweep(now time.Time) (refresh []*session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sessions := range r.owners {
		for _, one := range sessions {
			switch differs, old := one.stale(now); {
			case one.conn == nil && now.Sub(one.away) > one.lifetime():
				r.drop(one)
				r.away--
			case differs, old && one.conn != nil:
				refresh = append(refresh, one)
			}
		}
	}
	return refresh
}

// connections are those of now.
func (r *registry) connections() []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.conns))
}

// connectionsOf are a vehicle's connections.
func (r *registry) connectionsOf(vin presage.VIN, cut bool) []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	if cut {
		r.cuts++
	}
	var out []*conn
	for _, one := range r.owners[string(vin)] {
		if one.conn != nil {
			out = append(out, one.conn)
		}
	}
	return out
}

// Disconnect closes the vehicle's connections. Those that are just being
// checked are checked again: call it after the store knows of a revocation or
// of a new secret.
func (s *Server) Disconnect(vin presage.VIN) {
	for _, c := range s.registry.connectionsOf(vin, true) {
		c.end(&protocolError{reasonAdministrative, "the vehicle's credentials have changed"})
	}
}

// Notify says that there is a new command for the vehicle.
func (s *Server) Notify(vin presage.VIN) {
	for _, c := range s.registry.connectionsOf(vin, false) {
		c.delivery.wake()
	}
}
