# Native AOT, numeric user 65532, read-only root, port 53 by a file capability on the one executable. tests/image runs
# these steps without a container engine.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends clang zlib1g-dev libcap2-bin \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src ./src
ARG TARGETARCH=amd64
RUN dotnet publish src/ClusterDns.Server -c Release \
    -r linux-$([ "$TARGETARCH" = amd64 ] && echo x64 || echo "$TARGETARCH") -o /publish
RUN setcap cap_net_bind_service=+ep /publish/clusterdns

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
COPY --from=build /publish/clusterdns /clusterdns
USER 65532:65532
WORKDIR /
EXPOSE 53 53/udp
ENTRYPOINT ["/clusterdns"]
