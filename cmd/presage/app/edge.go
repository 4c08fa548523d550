package app

import (
	"context"
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
	"presage/internal/credential"
	"presage/internal/sqlstore"
)

// edge is what stands between vehicles and the stores.
type edge struct {
	verifier *credential.Verifier
	cutOff   *credential.CutOff
	redriver *ingest.Redriver
	known    chan struct{} // somebody was registered
}

// wake says that vehicles were registered. It never waits.
func (e *edge) wake() {
	select {
	case e.known <- struct{}{}:
	default:
	}
}

// openEdge makes ready what ingest writes dead letters to.
func (a *App) openEdge() *ingest.BoundedLetters {
	a.edge.known = make(chan struct{}, 1)
	a.edge.cutOff = &credential.CutOff{Changes: a.SQL, Now: wallClock, Changed: a.disconnect, Revoked: a.disconnectAll}
	count := func(name, help string, of func(context.Context) (int, error)) {
		a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			n, err := of(ctx)
			if err != nil {
				return math.NaN()
			}
			return float64(n)
		}))
	}
	count("presage_vehicles", "Registered vehicles.", a.SQL.CountVehicles)
	count("presage_vehicles_silent", "Vehicles not heard from in time: nothing is known of them.",
		func(ctx context.Context) (int, error) {
			return a.SQL.SilentVehicles(ctx, presage.Silence{Now: a.Clock.Now(), After: a.cfg.Ingest.SilentAfter})
		})
	bound := sqlstore.Bound{Vehicle: int64(a.cfg.Ingest.HeldPerVehicle), Total: int64(a.cfg.Ingest.HeldTotal)}
	a.letters = ingest.NewBoundedLetters(func(ctx context.Context, letters []presage.DeadLetter) (map[string]int, error) {
		return a.SQL.HoldDeadLetters(ctx, letters, bound)
	}, wallClock, a.log, a.registry)
	return a.letters
}

// disconnect ends the connections of a vehicle that were made with a secret.
func (a *App) disconnect(vin presage.VIN) {
	if a.edge.verifier != nil {
		a.edge.verifier.Forget(vin)
	}
	if a.door != nil {
		a.door.Disconnect(vin)
	}
}

// disconnectAll ends all connections of a vehicle. Nobody stands at the gateway
// by a secret: new ones cut nobody off there.
func (a *App) disconnectAll(vin presage.VIN) {
	a.disconnect(vin)
	if a.gateway != nil {
		a.gateway.Disconnect(vin)
	}
}

// openAdmission makes ready whom every door asks, once.
func (a *App) openAdmission(ctx context.Context) (err error) {
	if a.edge.verifier != nil {
		return nil
	}
	if a.cfg.MQTT.Broker == "" && !a.cfg.MQTT.Open && a.cfg.MQTT.TLSCert == "" {
		a.log.Warn("mqtt: vehicles send their secrets without TLS: set mqtt.tls_cert and mqtt.tls_key, " +
			"or keep the port to a network that nobody else reads")
	}
	a.edge.verifier, err = credential.NewVerifier(credential.VerifierConfig{
		Lookup: a.SQL, Now: wallClock, RegisteredOnly: a.cfg.Ingest.Unknown == ingest.UnknownReject,
		Open: a.cfg.MQTT.Open, Cost: a.cfg.MQTT.SecretCost,
	})
	if err != nil {
		return err
	}
	return a.edge.cutOff.Skip(ctx)
}

// wallClock is the clock of certificates and revocations, whatever a demo's shows.
func wallClock() time.Time { return time.Now() }

// registry wakes whoever waits for a vehicle to be registered.
type registry struct {
	*sqlstore.Store
	wake func()
	now  func() time.Time
}

// PutFleet implements rest.Registry.
func (r registry) PutFleet(ctx context.Context, f presage.Fleet) error {
	defer r.wake()
	f.At = r.now().UTC()
	return r.Store.PutFleet(ctx, f)
}

// issuer makes credentials, and sees to it that the broker knows at once.
func (a *App) issuer() credential.Issuer {
	issuer := NewIssuer(a.SQL, a.cfg.MQTT.SecretCost)
	issuer.Revoked = a.edge.cutOff.AfterRevoke
	issuer.Provisioned = func(cs []presage.Credential) {
		a.edge.cutOff.AfterProvision(cs)
		a.edge.wake()
	}
	return issuer
}

// NewIssuer makes credentials in a store.
func NewIssuer(sql *sqlstore.Store, cost int) credential.Issuer {
	return credential.Issuer{Store: sql, Cost: cost, Now: wallClock}
}

const (
	changedEvery  = 2 * time.Second // another process may have revoked or provisioned
	releasedEvery = time.Minute     // another process may have registered
)

// watchEdge cuts off whose credentials other processes changed and drives the letters of
// vehicles again that were registered, until ctx ends.
func (a *App) watchEdge(ctx context.Context) {
	changed, released := time.NewTicker(changedEvery), time.NewTicker(releasedEvery)
	defer changed.Stop()
	defer released.Stop()
	a.edge.wake() // those registered while the service was down
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-changed.C:
			if a.edge.verifier != nil { // without one there is no door of ours
				err = a.edge.cutOff.Look(ctx)
			}
		case <-a.edge.known:
			err = a.edge.redriver.Release(ctx)
		case <-released.C:
			err = a.edge.redriver.Release(ctx)
		}
		if err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "fleet at the edge: it will be tried again", "error", err)
		}
	}
}
