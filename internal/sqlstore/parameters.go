package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"presage"
)

const parameterColumns = `version, document, put_at, author, note`

// parameterDocument is what a version says, as it is kept.
type parameterDocument struct {
	Rules  []presage.PlanningRule       `json:"rules"`
	Floors map[presage.Severity]float64 `json:"least_service_level,omitempty"`

	Suppliers []presage.Supplier `json:"suppliers,omitempty"`
	Sources   []presage.Source   `json:"sources,omitempty"`
}

// PlanningParameters is the version, the newest for 0; version 0, without rules, while none was
// put. ErrNotFound for another one that is not there.
func (s *Store) PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error) {
	p, err := one(ctx, s.r, scanParameters, `SELECT `+parameterColumns+` FROM planning_parameters
		WHERE version = $1 OR $1 = 0 ORDER BY version DESC LIMIT 1`, version)
	if version == 0 && errors.Is(err, sql.ErrNoRows) {
		return presage.PlanningParameters{Rules: []presage.PlanningRule{}}, nil
	}
	return p, wrap(err, fmt.Sprintf("planning parameters, version %d", version))
}

// sourced is what the newest version of the planning parameters says of suppliers: every visit
// that is planned asks for it, and a version never changes.
type sourced struct {
	sync.Mutex

	version int64
	who     presage.Sourcing
}

// Sourcing is who sells which parts and when, by the newest planning parameters.
func (s *Store) Sourcing(ctx context.Context) (presage.Sourcing, error) {
	newest, err := one(ctx, s.r, func(r row) (n int64, err error) {
		err = r.Scan(&n)
		return n, err
	}, `SELECT COALESCE(MAX(version), 0) FROM planning_parameters`)
	if err != nil {
		return presage.Sourcing{}, wrap(err, "suppliers")
	}
	s.sourced.Lock()
	defer s.sourced.Unlock()
	if s.sourced.version == newest {
		return s.sourced.who, nil
	}
	p, err := s.PlanningParameters(ctx, newest)
	if err != nil {
		return presage.Sourcing{}, err
	}
	s.sourced.version, s.sourced.who = newest, p.Sourcing()
	return s.sourced.who, nil
}

// PutPlanningParameters keeps the next version, made at p.PutAt, if the newest is still
// p.Version; else it is an ErrConflict that names the newest.
func (s *Store) PutPlanningParameters(ctx context.Context, p presage.PlanningParameters,
) (presage.PlanningParameters, error) {
	err := s.inTx(ctx, "put planning parameters", func(tx *sql.Tx) error { return putParameters(ctx, tx, p) })
	if err != nil {
		return presage.PlanningParameters{}, err
	}
	return s.PlanningParameters(ctx, p.Version+1)
}

// putParameters keeps the version after p.Version, if that is still the newest.
func putParameters(ctx context.Context, tx *sql.Tx, p presage.PlanningParameters) error {
	document, err := encode(parameterDocument{p.Rules, p.Floors, p.Suppliers, p.Sources})
	if err != nil {
		return err
	}
	if err := stillNewest(ctx, tx, "planning_parameters", p.Version); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO planning_parameters (`+parameterColumns+`) VALUES ($1, $2, $3, $4, $5)`,
		p.Version+1, document, micros(p.PutAt), clean(p.By), clean(p.Note))
	return err
}

func scanParameters(r row) (presage.PlanningParameters, error) {
	var p presage.PlanningParameters
	var document string
	err := r.Scan(&p.Version, &document, instant{&p.PutAt}, &p.By, &p.Note)
	if err != nil {
		return p, err
	}
	var d parameterDocument
	err = json.Unmarshal([]byte(document), &d)
	p.Rules, p.Floors, p.Suppliers, p.Sources = d.Rules, d.Floors, d.Suppliers, d.Sources
	return p, err
}
