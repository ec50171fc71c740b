/**
 * A small managed solution for this folder's tests, in the shape of Microsoft-exported ones.
 *
 * Its publisher is invented on purpose (`abc`): the emulator must learn any publisher's tables, so
 * its own tests don't lean on ours. Test support only.
 */
import { strToU8, zipSync } from 'fflate';

export interface FixtureParts {
  readonly version?: string;
  readonly missing?: string;
  readonly extraAttribute?: string;
  readonly primaryNameMask?: string;
  readonly relationships?: string;
  readonly rolePrivileges?: string;
}

const label = (text: string): string =>
  `<displaynames><displayname description="${text}" languagecode="1033"/></displaynames>`;

function attribute(name: string, type: string, tail = '', required = 'none', mask = 'ValidForForm'): string {
  return `<attribute PhysicalName="${name}"><Type>${type}</Type><Name>${name}</Name><LogicalName>${name}</LogicalName>
    <RequiredLevel>${required}</RequiredLevel><DisplayMask>${mask}</DisplayMask><ValidForUpdateApi>1</ValidForUpdateApi>
    <ValidForReadApi>1</ValidForReadApi><ValidForCreateApi>1</ValidForCreateApi><IsCustomField>1</IsCustomField>${tail}${label(name)}</attribute>`;
}

const text = (name: string, length: number, mask?: string): string =>
  attribute(
    name,
    'nvarchar',
    `<Format>text</Format><MaxLength>${length}</MaxLength><Length>${length * 2}</Length>`,
    'none',
    mask,
  );

interface EntityParts {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly keys?: string;
  readonly owned?: boolean;
  readonly tracked?: boolean;
}

function entity({ name, attributes, keys = '', owned = true, tracked = true }: EntityParts): string {
  return `<Entity><Name LocalizedName="${name}" OriginalName="${name}">${name}</Name><EntityInfo><entity Name="${name}">
    <LocalizedNames><LocalizedName description="${name} label" languagecode="1033"/></LocalizedNames>
    <attributes>${attributes.join('')}</attributes><EntitySetName>${name}s</EntitySetName><EntityKeys>${keys}</EntityKeys>
    <OwnershipTypeMask>${owned ? 'UserOwned' : 'OrgOwned'}</OwnershipTypeMask>
    <ChangeTrackingEnabled>${tracked ? 1 : 0}</ChangeTrackingEnabled></entity></EntityInfo></Entity>`;
}

function key(name: string, columns: readonly string[]): string {
  const listed = columns.map((column) => `<AttributeName>${column}</AttributeName>`).join('');
  return `<EntityKey Name="${name}"><Name>${name}</Name><LogicalName>${name}</LogicalName><EntityKeyAttributes>${listed}</EntityKeyAttributes>${label(`${name} label`)}</EntityKey>`;
}

interface RelationParts {
  readonly from: string;
  readonly column: string;
  readonly to: string;
  readonly remove: string;
  readonly assign?: string;
}

export function relation({ from, column, to, remove, assign = 'NoCascade' }: RelationParts): string {
  return `<EntityRelationship Name="abc_${to}_${from}_${column}"><EntityRelationshipType>OneToMany</EntityRelationshipType>
    <ReferencingEntityName>${from}</ReferencingEntityName><ReferencedEntityName>${to}</ReferencedEntityName>
    <CascadeAssign>${assign}</CascadeAssign><CascadeDelete>${remove}</CascadeDelete><CascadeReparent>NoCascade</CascadeReparent>
    <CascadeShare>${assign}</CascadeShare><CascadeUnshare>${assign}</CascadeUnshare>
    <ReferencingAttributeName>${column}</ReferencingAttributeName><EntityRelationshipRoles>
    <EntityRelationshipRole><RelationshipRoleType>1</RelationshipRoleType><NavigationPropertyName>${column}</NavigationPropertyName></EntityRelationshipRole>
    <EntityRelationshipRole><RelationshipRoleType>0</RelationshipRoleType><NavigationPropertyName>abc_${to}_${from}_${column}</NavigationPropertyName></EntityRelationshipRole>
    </EntityRelationshipRoles></EntityRelationship>`;
}

const lookupAttribute = (name: string): string =>
  attribute(name, 'lookup', '<LookupStyle>single</LookupStyle><LookupTypes />');
const primaryMask = 'PrimaryName|ValidForForm';

function tables(parts: FixtureParts): string {
  const link = entity({
    name: 'abc_link',
    attributes: [
      attribute('abc_linkid', 'primarykey', '', 'systemrequired'),
      text('abc_name', 300, parts.primaryNameMask ?? primaryMask),
      text('abc_code', 100),
      attribute('abc_memo', 'ntext', '<Format>text</Format><MaxLength>2000</MaxLength>'),
      attribute('abc_count', 'int', '<Format>none</Format><MinValue>0</MinValue><MaxValue>50</MaxValue>'),
      attribute('abc_due', 'datetime', '<Format>datetime</Format><Behavior>1</Behavior>'),
      attribute('abc_day', 'datetime', '<Format>date</Format><Behavior>2</Behavior>'),
      attribute(
        'abc_flag',
        'bit',
        `<AppDefaultValue>1</AppDefaultValue><optionset Name="abc_flag"><OptionSetType>bit</OptionSetType>
        <options><option value="1"><labels><label description="On" languagecode="1033"/></labels></option>
        <option value="0"><labels><label description="Off" languagecode="1033"/></labels></option></options></optionset>`,
      ),
      attribute(
        'abc_state',
        'picklist',
        '<AppDefaultValue>-1</AppDefaultValue><OptionSetName>abc_color</OptionSetName>',
      ),
      lookupAttribute('abc_opportunityid'),
      parts.extraAttribute ?? '',
    ],
    keys: key('abc_code_key', ['abc_code']),
  });
  const line = entity({
    name: 'abc_line',
    attributes: [
      attribute('abc_lineid', 'primarykey', '', 'systemrequired'),
      text('abc_name', 300, primaryMask),
      attribute('abc_price', 'decimal', '<MinValue>0</MinValue><MaxValue>1000000</MaxValue><Accuracy>4</Accuracy>'),
      lookupAttribute('abc_opportunityid'),
      lookupAttribute('abc_itemid'),
    ],
    keys: key('abc_line_key', ['abc_opportunityid', 'abc_itemid']),
  });
  const item = entity({
    name: 'abc_item',
    attributes: [attribute('abc_itemid', 'primarykey', '', 'systemrequired'), text('abc_name', 300, primaryMask)],
    owned: false,
    tracked: false,
  });
  const opportunity = entity({
    name: 'Opportunity',
    attributes: [text('abc_reference', 100), attribute('abc_note', 'ntext', '<MaxLength>4000</MaxLength>')],
  });
  return link + line + item + opportunity;
}

const color = `<optionset Name="abc_color" localizedName="Color"><OptionSetType>picklist</OptionSetType><IsGlobal>1</IsGlobal><options>
  <option value="489100000"><labels><label description="Red" languagecode="1033"/></labels></option>
  <option value="489100001"><labels><label description="Blue" languagecode="1033"/></labels></option></options></optionset>`;

const variable = `<environmentvariabledefinition schemaname="abc_setting"><defaultvalue>yes</defaultvalue>
  <displayname default="A setting"><label description="A setting" languagecode="1033"/></displayname><isrequired>0</isrequired><type>100000002</type></environmentvariabledefinition>`;

const defaultPrivileges = `<RolePrivilege name="prvReadabc_link" level="Global"/><RolePrivilege name="prvCreateabc_link" level="Global"/>
  <RolePrivilege name="prvReadOpportunity" level="Basic"/>`;

export function fixtureSolution(parts: FixtureParts = {}): Uint8Array {
  const relationships =
    parts.relationships ??
    relation({ from: 'abc_link', column: 'abc_opportunityid', to: 'opportunity', remove: 'RemoveLink' }) +
      relation({
        from: 'abc_line',
        column: 'abc_opportunityid',
        to: 'opportunity',
        remove: 'Cascade',
        assign: 'Cascade',
      }) +
      relation({ from: 'abc_line', column: 'abc_itemid', to: 'abc_item', remove: 'Restrict' });
  const manifest = `<ImportExportXml version="9.1.0.643" SolutionPackageVersion="9.1" languagecode="1033"><SolutionManifest>
    <UniqueName>AbcSolution</UniqueName><LocalizedNames><LocalizedName description="Abc" languagecode="1033"/></LocalizedNames>
    <Version>${parts.version ?? '1.0.0.0'}</Version><Managed>1</Managed>
    <Publisher><UniqueName>abc</UniqueName><CustomizationPrefix>abc</CustomizationPrefix><CustomizationOptionValuePrefix>48910</CustomizationOptionValuePrefix></Publisher>
    <MissingDependencies>${parts.missing ?? ''}</MissingDependencies></SolutionManifest></ImportExportXml>`;
  const customizations = `<ImportExportXml><Entities>${tables(parts)}</Entities>
    <Roles><Role id="{aaaaaaaa-0000-4000-8000-000000000001}" name="Abc Integration"><RolePrivileges>${parts.rolePrivileges ?? defaultPrivileges}</RolePrivileges></Role></Roles>
    <EntityRelationships>${relationships}</EntityRelationships><optionsets>${color}</optionsets></ImportExportXml>`;
  return zipSync({
    '[Content_Types].xml': strToU8('<Types/>'),
    'solution.xml': strToU8(manifest),
    'customizations.xml': strToU8(customizations),
    'environmentvariabledefinitions/abc_setting/environmentvariabledefinition.xml': strToU8(variable),
  });
}
