package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"presage/internal/procs"
	"presage/internal/sqlstore"
	"presage/outreach/link"
	"presage/outreach/twilio/twiliotest"
)

const (
	onPostgres = "postgres"
	onSQLite   = "sqlite"

	adminKey = "the-key-of-the-torments-4711"
	linkKey  = "the-links-of-the-torments-are-signed-with-this"
	// claimTimeout is the least that the configuration takes: what a killed
	// process was sending is taken over after it.
	claimTimeout = 10 * time.Second
)

func combinations() []string { return []string{onPostgres, onSQLite} }

// rig is a combination that runs. Directories and addresses survive kills.
type rig struct {
	options
	dir      string
	postgres *procs.Postgres // nil on SQLite
	database string
	provider *provider
	more     []string // settings of the processes beside the usual ones, key=value
	nodes    [2]*node
	store    *sqlstore.Store // beside the processes, to seed and to count
	links    *link.Signer
	client   *http.Client

	mu     sync.Mutex
	random *rand.Rand
	odd    []string // the first answers that nobody expects
}

// node is one presage process.
type node struct {
	dir, api, mqtt string
	mu             sync.Mutex
	proc           *procs.Proc
}

func startRig(ctx context.Context, combination string, o options) (*rig, error) {
	r := &rig{
		options: o,
		client: &http.Client{
			Timeout: 20 * time.Second, CheckRedirect: stay, Transport: &http.Transport{MaxIdleConnsPerHost: 128},
		},
		random: rand.New(rand.NewPCG(o.Seed, uint64(len(combination)))), //nolint:gosec // not a secret
	}
	if err := r.open(ctx, combination); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// stay takes a redirect as the answer.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (r *rig) open(ctx context.Context, combination string) (err error) {
	if r.dir, err = os.MkdirTemp("", "presage-chaos-"); err != nil {
		return err
	}
	if r.links, err = link.NewSigner(linkKey, "http://127.0.0.1"); err != nil {
		return err
	}
	r.database = filepath.Join(r.dir, "presage.db")
	if combination == onPostgres {
		if r.postgres, err = procs.StartPostgres(ctx); err != nil {
			return err
		}
		if r.database, err = r.postgres.NewDatabase(ctx); err != nil {
			return err
		}
	}
	r.provider = startProvider(r)
	for i := range r.nodes {
		n := &node{dir: filepath.Join(r.dir, string(rune('1'+i)))}
		for _, address := range []*string{&n.api, &n.mqtt} {
			if *address, err = procs.FreeAddress(ctx); err != nil {
				return err
			}
		}
		r.nodes[i] = n
		if err := r.start(ctx, n); err != nil {
			return err
		}
	}
	r.store, err = sqlstore.Open(ctx, r.database)
	return err
}

// start starts a node and returns when it answers. set, key=value, has the last word.
func (r *rig) start(ctx context.Context, n *node, set ...string) error {
	var args []string
	for _, set := range append([]string{
		"database.url=" + r.database, "http.admin_key=" + adminKey, "http.public_url=http://" + r.nodes[0].api,
		"outreach.key=" + linkKey, "outreach.channels=sms", "outreach.claim_timeout=" + claimTimeout.String(),
		"outreach.quiet_from=0", "outreach.quiet_to=0", "schedule.score_every=1s", "log.level=warn",
		"twilio.account_sid=" + twiliotest.AccountSID, "twilio.auth_token=" + twiliotest.AuthToken,
		"twilio.from=+15005550006", "twilio.base_url=" + r.provider.url(), "outreach.retry_after=" + firstPause.String(),
	}, append(slices.Clone(r.more), set...)...) {
		args = append(args, "--set", set)
	}
	p, err := procs.Presage{Program: r.Program, Dir: n.dir, API: n.api, MQTT: n.mqtt}.Start(ctx, args...)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.proc = p
	return nil
}

// kill is kill -9 and a new start.
func (r *rig) kill(ctx context.Context, n *node) error {
	n.process().Kill()
	return r.start(ctx, n)
}

func (n *node) process() *procs.Proc {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.proc
}

// outputs is what the processes have printed.
func (r *rig) outputs() string {
	var text strings.Builder
	for _, n := range r.nodes {
		text.WriteString(n.process().Output())
	}
	return text.String()
}

func (r *rig) close() {
	for _, n := range r.nodes {
		if n != nil && n.process() != nil {
			n.process().Kill()
		}
	}
	var errs []error
	if r.store != nil {
		errs = append(errs, r.store.Close())
	}
	if r.provider != nil {
		r.provider.close()
	}
	if r.postgres != nil {
		errs = append(errs, r.postgres.Stop())
	}
	_ = errors.Join(append(errs, os.RemoveAll(r.dir))...) // the counts are made
}

// dice is a source of its own for one goroutine, in the order of the asking.
func (r *rig) dice() *rand.Rand {
	r.mu.Lock()
	defer r.mu.Unlock()
	return rand.New(rand.NewPCG(r.random.Uint64(), r.random.Uint64())) //nolint:gosec // not a secret
}

// between is a random time from low up to high.
func between(dice *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(dice.Int64N(int64(high-low)))
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
