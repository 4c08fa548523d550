package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/explain"
	"presage/api/problem"
	"presage/internal/wording"
)

// Register adds every operation to a. The caller guards the paths. The error
// is one of the embedded wording.
func Register(a huma.API, d Deps) error {
	book, err := wording.Open()
	if err != nil {
		return err
	}
	h := &handlers{Deps: d, texts: book, explain: explain.New(book)}
	a.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[presage.Bay](), reflect.TypeFor[bayForm]())
	for _, add := range []func(huma.API){
		h.vehicleRoutes, h.alertRoutes, h.fleetRoutes, h.credentialRoutes, h.commandRoutes, h.labelRoutes,
		h.caseRoutes, h.actionRoutes, h.bookingRoutes, h.slotDayRoutes, h.boardRoutes, h.waitingRoutes,
		h.resultRoutes, h.repairRoutes, h.photoRoutes, h.surveyRoutes, h.partRoutes, h.deadLetterRoutes,
		h.messageRoutes, h.deviceRoutes, h.receiptRoutes, h.conversationRoutes, h.stageRoutes, h.noticeRoutes, h.couponRoutes,
		h.subscriptionRoutes, h.recallRoutes, h.rolloutRoutes, h.rescueRoutes, h.dealerRoutes, h.qualityRoutes,
		h.adviserRoutes, h.articleRoutes, h.accountRoutes, h.backupRoutes, h.overrideRoutes, h.policyRoutes,
		h.decisionRoutes, h.privacyRoutes, h.orderRoutes, h.monthRoutes,
	} {
		add(a)
	}
	return nil
}

type handlers struct {
	Deps

	texts   *wording.Book
	explain *explain.Maker
}

// body wraps a response for huma.
type body[T any] struct{ Body T }

// nonNil keeps an empty list from being written as null.
func nonNil[T any](rows []T) []T {
	if rows == nil {
		return []T{}
	}
	return rows
}

// route registers one operation and maps its errors by the one table.
func route[I, O any](a huma.API, log *slog.Logger, op huma.Operation, h func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{"bearer": {}}}
	op.Errors = slices.Concat(op.Errors, everyStatus(op.Path, reflect.TypeFor[I]()))
	huma.Register(a, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err == nil {
			return out, nil
		}
		if status, ok := errors.AsType[huma.StatusError](err); ok {
			return nil, status
		}
		status, detail := problem.Of(err)
		if status >= http.StatusInternalServerError || problem.Hidden(err) {
			log.ErrorContext(ctx, "api operation failed", "operation", op.OperationID, "error", err)
		}
		return nil, huma.NewError(status, detail, each(op, status, detail)...)
	})
}

// everyStatus lists what any operation may answer instead of its own: who asks
// (401, 403, 429), how (422, and 400 to 415 of a body), about what (404), and
// what is wrong with us. The root package's kinds map to no other statuses.
func everyStatus(path string, input reflect.Type) []int {
	list := []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	}
	_, typed := input.FieldByName("Body")
	if _, raw := input.FieldByName("RawBody"); typed || raw {
		list = append(list, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType)
	}
	if strings.Contains(path, "{") {
		list = append(list, http.StatusNotFound)
	}
	return list
}

// each names the faults of wrong input one by one, each at its field where it
// begins with one, so that a program can show it there.
func each(op huma.Operation, status int, detail string) []error {
	if status != http.StatusUnprocessableEntity {
		return nil
	}
	where := "query."
	if op.Method == http.MethodPost || op.Method == http.MethodPut {
		where = "body."
	}
	var details []error
	faults := problem.Faults(detail)
	for _, f := range faults {
		switch {
		case f.Place != "":
			details = append(details, &huma.ErrorDetail{Location: where + f.Place, Message: f.Text})
		case len(faults) > 1:
			details = append(details, &huma.ErrorDetail{Message: f.Text})
		}
	}
	return details
}

// get and post keep the tables of routes short.
func get(id, path, tag, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{tag}, Summary: summary,
	}
}

func post(id, path, tag, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path, Tags: []string{tag}, Summary: summary,
		Errors: []int{http.StatusConflict, http.StatusNotFound},
	}
}

// vinPath is the VIN of a path.
type vinPath struct {
	VIN string `path:"vin" doc:"Vehicle identification number (ISO 3779)" example:"LPSVSEDE4R0000042"`
}

func (p vinPath) parse() (presage.VIN, error) { return presage.ParseVIN(p.VIN) }

// idPath is the ID of a path.
type idPath struct {
	ID string `path:"id" maxLength:"64"`
}
