package outreach

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/link"
)

// Owners of a case.
const (
	OwnerOutreach = "outreach"
	OwnerAdviser  = "adviser"
	OwnerWorkshop = "workshop"
)

// Deps is what the service works with. All but Logger are required.
type Deps struct {
	Store     Store
	Catalogue *presage.Catalogue
	// Channels that are configured. A channel named outbox stands in for push
	// and SMS where those are not configured.
	Channels []Channel
	// Key signs booking links, at least 16 bytes, secret, the same after a restart.
	Key    presage.Secret
	Now    func() time.Time
	Logger *slog.Logger // default: none
}

// Service is outreach. Make it with New.
type Service struct {
	cfg      Config
	store    Store
	cat      *presage.Catalogue
	channels map[presage.ChannelName]Channel
	links    *link.Signer
	texts    *wording.Book
	now      func() time.Time
	log      *slog.Logger
}

// New checks the configuration and builds the service; ErrInvalid names every fault.
func New(cfg Config, d Deps) (*Service, error) {
	faults := []error{cfg.Validate()}
	if d.Store == nil || d.Catalogue == nil || d.Now == nil || len(d.Channels) == 0 {
		faults = append(faults, fmt.Errorf("%w outreach: store, catalogue, clock and one channel are required",
			presage.ErrInvalid))
	}
	links, err := link.NewSigner(d.Key, cfg.BaseURL)
	texts, errTexts := wording.Open()
	if err := errors.Join(append(faults, err, errTexts)...); err != nil {
		return nil, fmt.Errorf("outreach: %w", err)
	}
	s := &Service{
		cfg: cfg, store: d.Store, cat: d.Catalogue, channels: map[presage.ChannelName]Channel{},
		links: links, texts: texts, now: d.Now, log: d.Logger,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, c := range d.Channels {
		s.channels[c.Name()] = c
	}
	return s, nil
}

// id makes an identifier that follows from what it names, so that a repeated
// pass or a replay arrives at the same one. 80 bits: no collisions at any size
// this service will see.
func id(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(prefix + "|" + strings.Join(parts, "|")))
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// instant is a time as a part of an id.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
