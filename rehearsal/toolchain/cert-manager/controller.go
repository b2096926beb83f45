package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/sets"
	cliflag "k8s.io/component-base/cli/flag"

	configv1alpha1 "github.com/cert-manager/cert-manager/pkg/apis/config/controller/v1alpha1"

	config "github.com/cert-manager/cert-manager/internal/apis/config/controller"
	"github.com/cert-manager/cert-manager/internal/apis/config/controller/scheme"
	defaults "github.com/cert-manager/cert-manager/internal/apis/config/controller/v1alpha1"
	"github.com/cert-manager/cert-manager/internal/apis/config/controller/validation"
	"github.com/cert-manager/cert-manager/internal/controller/feature"
	"github.com/cert-manager/cert-manager/pkg/controller"
	_ "github.com/cert-manager/cert-manager/pkg/controller/acmechallenges"
	_ "github.com/cert-manager/cert-manager/pkg/controller/acmeorders"
	gateways "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/gateways"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/ingresses"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	"github.com/cert-manager/cert-manager/pkg/controller/configfile"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/acme"
	dnsutil "github.com/cert-manager/cert-manager/pkg/issuer/acme/dns/util"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/vault"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/venafi"
	"github.com/cert-manager/cert-manager/pkg/logs"
	utilfeature "github.com/cert-manager/cert-manager/pkg/util/feature"
)

func runController(ctx context.Context, args []string) error {
	options, err := controllerOptions(args)
	if err != nil {
		return err
	}
	factory, err := contextFactory(ctx, options)
	if err != nil {
		return err
	}
	shared, err := factory.Build()
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	healthy := http.NewServeMux()
	healthy.HandleFunc("/livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	listener, err := net.Listen("tcp", options.HealthzListenAddress)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: healthy, ReadHeaderTimeout: 10 * time.Second}
	group.Go(func() error { return server.Serve(listener) })
	group.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	enabled := enabledControllers(options)
	for name, construct := range controller.Known() {
		if !enabled.Has(name) {
			continue
		}
		run, err := construct(factory)
		if err != nil {
			return fmt.Errorf("controller %s: %w", name, err)
		}
		group.Go(func() error { return run.Run(options.NumberOfConcurrentWorkers, ctx) })
	}
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	shared.HTTP01ResourceMetadataInformersFactory.Start(ctx.Done())
	if gatewayAPI(options) {
		shared.GWShared.Start(ctx.Done())
	}
	logs.FromContext(ctx).Info("started", "controllers", sets.List(enabled))
	err = group.Wait()
	if ctx.Err() != nil && err == http.ErrServerClosed {
		return nil
	}
	return err
}

// controllerOptions takes the flags that upstream's chart can pass; others are refused, so that one that would
// have no effect here isn't missed.
func controllerOptions(args []string) (*config.ControllerConfiguration, error) {
	schemes, _, err := scheme.NewSchemeAndCodecs()
	if err != nil {
		return nil, err
	}
	versioned, options := &configv1alpha1.ControllerConfiguration{}, &config.ControllerConfiguration{}
	schemes.Default(versioned)
	if err := schemes.Convert(versioned, options, nil); err != nil {
		return nil, err
	}
	flags := pflag.NewFlagSet("controller", pflag.ContinueOnError)
	file := flags.String("config", "", "")
	shim, solver, election := &options.IngressShimConfig, &options.ACMEHTTP01Config, &options.LeaderElectionConfig
	flags.StringVar(&options.KubeConfig, "kubeconfig", options.KubeConfig, "")
	flags.StringVar(&options.ClusterResourceNamespace, "cluster-resource-namespace", options.ClusterResourceNamespace, "")
	flags.BoolVar(&election.Enabled, "leader-elect", election.Enabled, "")
	flags.StringVar(&election.Namespace, "leader-election-namespace", election.Namespace, "")
	flags.DurationVar(&election.LeaseDuration, "leader-election-lease-duration", election.LeaseDuration, "")
	flags.DurationVar(&election.RenewDeadline, "leader-election-renew-deadline", election.RenewDeadline, "")
	flags.DurationVar(&election.RetryPeriod, "leader-election-retry-period", election.RetryPeriod, "")
	flags.StringVar(&solver.SolverImage, "acme-http01-solver-image", solver.SolverImage, "")
	flags.StringVar(&solver.SolverRuntimeClassName, "acme-http01-solver-runtime-class-name", "", "")
	flags.Var(cliflag.NewMapStringString(&solver.SolverExtraLabels), "acme-http01-solver-extra-labels", "")
	flags.StringVar(&shim.DefaultIssuerName, "default-issuer-name", shim.DefaultIssuerName, "")
	flags.StringVar(&shim.DefaultIssuerKind, "default-issuer-kind", shim.DefaultIssuerKind, "")
	flags.StringVar(&shim.DefaultIssuerGroup, "default-issuer-group", shim.DefaultIssuerGroup, "")
	flags.BoolVar(&options.GatewayAPIConfig.Enabled, "enable-gateway-api", options.GatewayAPIConfig.Enabled, "")
	flags.BoolVar(&options.EnableCertificateOwnerRef, "enable-certificate-owner-ref", false, "")
	flags.BoolVar(&options.ACMEDNS01Config.RecursiveNameserversOnly, "dns01-recursive-nameservers-only", false, "")
	flags.StringSliceVar(&options.ACMEDNS01Config.RecursiveNameservers, "dns01-recursive-nameservers", nil, "")
	flags.DurationVar(&options.ACMEDNS01Config.CheckRetryPeriod, "dns01-check-retry-period",
		options.ACMEDNS01Config.CheckRetryPeriod, "")
	flags.IntVar(&options.MaxConcurrentChallenges, "max-concurrent-challenges", options.MaxConcurrentChallenges, "")
	flags.StringSliceVar(&options.Controllers, "controllers", options.Controllers, "")
	flags.StringVar(&options.HealthzListenAddress, "internal-healthz-listen-address", options.HealthzListenAddress, "")
	flags.Var(cliflag.NewMapStringBool(&options.FeatureGates), "feature-gates", "")
	logs.AddFlags(&options.Logging, flags)
	fromFile := configfile.New()
	load := func() { fromFile.Config.DeepCopyInto(options) }
	if err := parse(flags, args, file, fromFile, load); err != nil {
		return nil, err
	}
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(options.FeatureGates); err != nil {
		return nil, err
	}
	if problems := validation.ValidateControllerConfiguration(options, nil); len(problems) > 0 {
		return nil, problems.ToAggregate()
	}
	return options, logs.ValidateAndApply(&options.Logging)
}

func gatewayAPI(options *config.ControllerConfiguration) bool {
	return utilfeature.DefaultFeatureGate.Enabled(feature.ExperimentalGatewayAPISupport) && options.GatewayAPIConfig.Enabled
}

func enabledControllers(options *config.ControllerConfiguration) sets.Set[string] {
	enabled, disabled := sets.New[string](), []string{}
	for _, name := range options.Controllers {
		switch {
		case name == "*":
			enabled.Insert(defaults.DefaultEnabledControllers...)
		case name[0] == '-':
			disabled = append(disabled, name[1:])
		default:
			enabled.Insert(name)
		}
	}
	if len(enabled) == 0 {
		enabled.Insert(defaults.DefaultEnabledControllers...)
	}
	if gatewayAPI(options) {
		enabled.Insert(gateways.ControllerName)
	}
	return enabled.Delete(disabled...)
}

func contextFactory(ctx context.Context, options *config.ControllerConfiguration) (*controller.ContextFactory, error) {
	solver, nameservers := options.ACMEHTTP01Config, options.ACMEDNS01Config.RecursiveNameservers
	if len(nameservers) == 0 {
		nameservers = dnsutil.RecursiveNameservers
	}
	quantities := [4]resource.Quantity{}
	for i, text := range []string{
		solver.SolverResourceRequestCPU, solver.SolverResourceRequestMemory,
		solver.SolverResourceLimitsCPU, solver.SolverResourceLimitsMemory,
	} {
		quantity, err := resource.ParseQuantity(text)
		if err != nil {
			return nil, fmt.Errorf("the solver's resources: %w", err)
		}
		quantities[i] = quantity
	}
	shim := options.IngressShimConfig
	return controller.NewContextFactory(ctx, controller.ContextOptions{
		Kubeconfig:         options.KubeConfig,
		KubernetesAPIQPS:   options.KubernetesAPIQPS,
		KubernetesAPIBurst: options.KubernetesAPIBurst,
		APIServerHost:      options.APIServerHost,
		Namespace:          options.Namespace,
		ACMEOptions: controller.ACMEOptions{
			HTTP01SolverResourceRequestCPU:    quantities[0],
			HTTP01SolverResourceRequestMemory: quantities[1],
			HTTP01SolverResourceLimitsCPU:     quantities[2],
			HTTP01SolverResourceLimitsMemory:  quantities[3],
			ACMEHTTP01SolverRunAsNonRoot:      solver.SolverRunAsNonRoot,
			HTTP01SolverImage:                 solver.SolverImage,
			HTTP01SolverNameservers:           solver.SolverNameservers,
			HTTP01SolverExtraLabels:           solver.SolverExtraLabels,
			HTTP01SolverRuntimeClassName:      solver.SolverRuntimeClassName,
			DNS01Nameservers:                  nameservers,
			DNS01CheckRetryPeriod:             options.ACMEDNS01Config.CheckRetryPeriod,
			DNS01CheckAuthoritative:           !options.ACMEDNS01Config.RecursiveNameserversOnly,
		},
		SchedulerOptions: controller.SchedulerOptions{MaxConcurrentChallenges: options.MaxConcurrentChallenges},
		IssuerOptions: controller.IssuerOptions{
			ClusterIssuerAmbientCredentials: options.ClusterIssuerAmbientCredentials,
			IssuerAmbientCredentials:        options.IssuerAmbientCredentials,
			ClusterResourceNamespace:        options.ClusterResourceNamespace,
		},
		IngressShimOptions: controller.IngressShimOptions{
			DefaultIssuerName:                 shim.DefaultIssuerName,
			DefaultIssuerKind:                 shim.DefaultIssuerKind,
			DefaultIssuerGroup:                shim.DefaultIssuerGroup,
			DefaultAutoCertificateAnnotations: shim.DefaultAutoCertificateAnnotations,
			ExtraCertificateAnnotations:       shim.ExtraCertificateAnnotations,
			GatewayAPIExtraProtocols:          sets.New(options.GatewayAPIConfig.ExtraProtocols...),
		},
		CertificateOptions: controller.CertificateOptions{
			EnableOwnerRef:                           options.EnableCertificateOwnerRef,
			CopiedAnnotationPrefixes:                 options.CopiedAnnotationPrefixes,
			CertificateRequestMinimumBackoffDuration: options.CertificateRequestMinimumBackoffDuration,
			CertificateRequestMaximumBackoffDuration: options.CertificateRequestMaximumBackoffDuration,
		},
		ConfigOptions: controller.ConfigOptions{
			EnableGatewayAPI:            options.GatewayAPIConfig.Enabled,
			EnableGatewayAPIListenerSet: options.GatewayAPIConfig.EnableListenerSet,
		},
	})
}
