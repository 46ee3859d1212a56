# JupyterLab with the kernel of this checkout. It is built from the project's folder: see compose.yml.
ARG NODE_VERSION
ARG PYTHON_VERSION

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm run setup \
  && mkdir /package \
  && npm pack --workspace kernel-lib --pack-destination /package \
  && npm install --prefix /opt/sluice --no-audit --no-fund /package/*.tgz

FROM python:${PYTHON_VERSION}-slim-bookworm
ARG JUPYTERLAB_VERSION
RUN pip install --no-cache-dir "jupyterlab==${JUPYTERLAB_VERSION}.*"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /opt/sluice /opt/sluice
RUN node /opt/sluice/node_modules/sluice/bin/sluice.js kernel install --prefix /usr/local \
  && useradd --create-home sluice
USER sluice
WORKDIR /home/sluice
COPY --chown=sluice notebooks notebooks
EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser", "--notebook-dir=notebooks"]
