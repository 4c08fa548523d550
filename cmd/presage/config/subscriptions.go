package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"go.yaml.in/yaml/v3"

	"presage"
	"presage/outreach/feed"
)

var receiverID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// receiver is one entry of the file of subscriptions; see docs/dealer.md.
type receiver struct {
	ID      string   `yaml:"id"`
	URL     string   `yaml:"url"`
	Types   []string `yaml:"types"`  // all when absent
	System  string   `yaml:"system"` // the name under which it imports
	Secrets []string `yaml:"secrets"`
	Active  *bool    `yaml:"active"` // true when absent
}

// Receivers are the subscriptions of the file that Subscriptions names, none without
// one. The error, ErrInvalid, has every fault.
func (c Config) Receivers() ([]presage.Subscription, error) {
	if c.Subscriptions == "" {
		return nil, nil
	}
	content, err := os.ReadFile(c.Subscriptions)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", presage.ErrInvalid, err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var rows []receiver
	if err := decoder.Decode(&rows); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: want a list of id, url, types, system, secrets and active: %w", presage.ErrInvalid, err)
	}
	list, faults, known := make([]presage.Subscription, 0, len(rows)), []error(nil), map[string]bool{}
	for i, r := range rows {
		x := r.subscription()
		if err := errors.Join(r.fault(known), feed.Check(x)); err != nil {
			faults = append(faults, fmt.Errorf("entry %d (%.40q): %w", i+1, r.ID, err))
		}
		known[r.ID] = true
		list = append(list, x)
	}
	return list, errors.Join(faults...)
}

func (r receiver) subscription() presage.Subscription {
	x := presage.Subscription{
		ID: r.ID, URL: presage.Secret(r.URL), System: r.System, Active: r.Active == nil || *r.Active,
	}
	for _, t := range r.Types {
		x.Types = append(x.Types, presage.ChangeType(t))
	}
	for _, s := range r.Secrets {
		x.Secrets = append(x.Secrets, presage.Secret(s))
	}
	return x
}

// fault is what is wrong with an entry of the file, beside what feed.Check finds.
func (r receiver) fault(known map[string]bool) error {
	var faults []error
	if !receiverID.MatchString(r.ID) {
		faults = append(faults, fmt.Errorf("id: %w: want small letters, digits, hyphens: dms-1", presage.ErrInvalid))
	}
	if known[r.ID] {
		faults = append(faults, fmt.Errorf("id: %w: want one entry for each", presage.ErrInvalid))
	}
	if len(r.Secrets) == 0 {
		faults = append(faults, fmt.Errorf("secrets: %w: want one, or the new one and the old one", presage.ErrInvalid))
	}
	return errors.Join(faults...)
}
